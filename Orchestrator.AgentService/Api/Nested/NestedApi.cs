using System.Buffers;
using System.Threading.Channels;
using Google.Protobuf;
using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.AgentApi;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Api.Nested;

/// <summary>The calls about nested containers: launch, attach, wait, kill, remove. Source: Mesos' agent operator API.</summary>
internal sealed class NestedApi(NestedContainers containers, TimeProvider time)
{
    private const int SigKill = 9;

    /// <summary>Silence after which an attached reader is told that the container is still there.</summary>
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(30);

    /// <summary>Whether a call is one of these.</summary>
    internal static bool Serves(Call.Types.Type type) => type
        is Call.Types.Type.LaunchNestedContainer or Call.Types.Type.LaunchContainer or Call.Types.Type.LaunchNestedContainerSession
        or Call.Types.Type.AttachContainerInput or Call.Types.Type.AttachContainerOutput
        or Call.Types.Type.WaitNestedContainer or Call.Types.Type.WaitContainer
        or Call.Types.Type.KillNestedContainer or Call.Types.Type.KillContainer
        or Call.Types.Type.RemoveNestedContainer or Call.Types.Type.RemoveContainer;

    /// <summary>Whether the answer to a call is a stream.</summary>
    internal static bool Streams(Call.Types.Type type) => type is Call.Types.Type.LaunchNestedContainerSession or Call.Types.Type.AttachContainerOutput;

    /// <summary>Answers a call that came whole.</summary>
    /// <exception cref="NestedException">It cannot be done.</exception>
#pragma warning disable CS0612 // The old names of the calls are what clients in use send.
    internal Task HandleAsync(HttpContext context, Call call, MessageFormat answer) => call.Type switch
    {
        Call.Types.Type.LaunchNestedContainer when call.LaunchNestedContainer is { } launch => LaunchAsync(context, launch.ContainerId, launch.Command, launch.Container),
        Call.Types.Type.LaunchContainer when call.LaunchContainer is { } launch => LaunchAsync(context, launch),
        Call.Types.Type.LaunchNestedContainerSession when call.LaunchNestedContainerSession is { } launch => RunSessionAsync(context, launch, answer),
        Call.Types.Type.AttachContainerOutput when call.AttachContainerOutput is { } attach => AttachAsync(context, containers.Find(attach.ContainerId), answer),
        Call.Types.Type.WaitNestedContainer when call.WaitNestedContainer is { } wait => WaitAsync(context, wait.ContainerId, answer, isOld: true),
        Call.Types.Type.WaitContainer when call.WaitContainer is { } wait => WaitAsync(context, wait.ContainerId, answer, isOld: false),
        Call.Types.Type.KillNestedContainer when call.KillNestedContainer is { } kill => KillAsync(context, kill.ContainerId, kill.HasSignal ? kill.Signal : SigKill),
        Call.Types.Type.KillContainer when call.KillContainer is { } kill => KillAsync(context, kill.ContainerId, kill.HasSignal ? kill.Signal : SigKill),
        Call.Types.Type.RemoveNestedContainer when call.RemoveNestedContainer is { } remove => containers.RemoveAsync(remove.ContainerId),
        Call.Types.Type.RemoveContainer when call.RemoveContainer is { } remove => containers.RemoveAsync(remove.ContainerId),
        _ => throw new NestedException(400, $"The call {call.Type} lacks the object of its name in lower case"),
    };
#pragma warning restore CS0612

    /// <summary>ATTACH_CONTAINER_INPUT: records one after another, the first names the container.</summary>
    /// <exception cref="NestedException">A record is wrong, or there is no such container.</exception>
    internal async Task AttachInputAsync(IAsyncEnumerable<Call> calls, CancellationToken cancellationToken)
    {
        NestedContainer? container = null;
        await foreach (var call in calls.WithCancellation(cancellationToken))
        {
            if (call.Type != Call.Types.Type.AttachContainerInput || call.AttachContainerInput is not { } record)
            {
                throw new NestedException(400, "Every record of the stream must be an ATTACH_CONTAINER_INPUT call");
            }

            switch (record.Type)
            {
                case Call.Types.AttachContainerInput.Types.Type.ContainerId when container is null && record.ContainerId is not null:
                    container = containers.Find(record.ContainerId);
                    break;
                case Call.Types.AttachContainerInput.Types.Type.ProcessIo when container is not null && record.ProcessIo is not null:
                    await FeedAsync(container, record.ProcessIo, cancellationToken);
                    break;
                default:
                    throw new NestedException(400, "'attach_container_input' must begin with one record of type CONTAINER_ID with 'container_id', and go on with records of type PROCESS_IO with 'process_io'");
            }
        }
    }

    private static async Task FeedAsync(NestedContainer container, ProcessIO io, CancellationToken cancellationToken)
    {
        try
        {
            switch (io.Type)
            {
                case ProcessIO.Types.Type.Data when io.Data is { Type: ProcessIO.Types.Data.Types.Type.Stdin } data && data.Data_.Length > 0:
                    await container.WriteAsync(data.Data_.Memory, cancellationToken);
                    break;
                case ProcessIO.Types.Type.Data when io.Data is { Type: ProcessIO.Types.Data.Types.Type.Stdin }:
                    await container.CloseInputAsync(cancellationToken);
                    break;
                case ProcessIO.Types.Type.Control when io.Control is { Type: ProcessIO.Types.Control.Types.Type.TtyInfo, TtyInfo.WindowSize: { } size }:
                    await container.ResizeAsync(size.Rows, size.Columns, cancellationToken);
                    break;
                case ProcessIO.Types.Type.Control when io.Control is { Type: ProcessIO.Types.Control.Types.Type.Heartbeat }:
                    break;
                default:
                    throw new NestedException(400, "'process_io' must be DATA of type STDIN, or CONTROL of type TTY_INFO with 'window_size' or HEARTBEAT");
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // The program has ended or reads no more; what is typed into nothing is nobody's error.
        }
    }

    private Task LaunchAsync(HttpContext context, Call.Types.LaunchContainer launch)
    {
        if (launch.Resources.Count > 0 || launch.Limits.Count > 0)
        {
            throw new NestedException(400, "'resources' and 'limits' must be empty: a nested container lives on those of its task");
        }

        return LaunchAsync(context, launch.ContainerId, launch.Command, launch.Container);
    }

    private async Task LaunchAsync(HttpContext context, ContainerID id, CommandInfo? command, ContainerInfo? info)
    {
        if (await containers.LaunchAsync(id, command, info, context.RequestAborted) is not { } container)
        {
            context.Response.StatusCode = 202;
            return;
        }

        _ = Task.Run(container.FollowAsync, CancellationToken.None);
    }

    private async Task RunSessionAsync(HttpContext context, Call.Types.LaunchNestedContainerSession launch, MessageFormat answer)
    {
        var container = await containers.LaunchAsync(launch.ContainerId, launch.Command, launch.Container, context.RequestAborted)
            ?? throw new NestedException(400, $"A container '{launch.ContainerId.Value}' is there already; choose another id");
        var reader = container.Attach();
        _ = Task.Run(container.FollowAsync, CancellationToken.None);
        try
        {
            await SendAsync(context, reader, answer);
        }
        finally
        {
            container.Detach(reader);
            if (!container.Ended.IsCompleted)
            {
                // The session was the connection.
                await container.KillAsync(SigKill, CancellationToken.None);
            }
        }
    }

    private async Task AttachAsync(HttpContext context, NestedContainer container, MessageFormat answer)
    {
        var reader = container.Attach();
        try
        {
            await SendAsync(context, reader, answer);
        }
        finally
        {
            container.Detach(reader);
        }
    }

    /// <summary>Writes output as records until the program has ended or the reader has gone.</summary>
    private async Task SendAsync(HttpContext context, ChannelReader<ProcessIO> output, MessageFormat answer)
    {
        context.Response.ContentType = "application/recordio";
        context.Response.Headers["Message-Content-Type"] = MessageCodec.MediaType(answer);
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var more = output.WaitToReadAsync(context.RequestAborted).AsTask();
            while (await Task.WhenAny(more, Task.Delay(s_heartbeat, time, context.RequestAborted)) != more)
            {
                context.RequestAborted.ThrowIfCancellationRequested();
                MessageCodec.WriteRecord(answer, buffer, Heartbeat());
                await FlushAsync(context, buffer);
            }

            if (!await more)
            {
                return;
            }

            while (output.TryRead(out var piece))
            {
                MessageCodec.WriteRecord(answer, buffer, piece);
            }

            await FlushAsync(context, buffer);
        }
    }

    private static async Task FlushAsync(HttpContext context, ArrayBufferWriter<byte> buffer)
    {
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        buffer.ResetWrittenCount();
    }

    private async Task WaitAsync(HttpContext context, ContainerID id, MessageFormat answer, bool isOld)
    {
        var code = await containers.Find(id).Ended.WaitAsync(context.RequestAborted);
        // As waitpid gives it, of a program that exited; one that a signal ended shows 128 + signal, as a shell says it.
        var status = code << 8;
        var response = isOld
            ? new Response { Type = Response.Types.Type.WaitNestedContainer, WaitNestedContainer = new Response.Types.WaitNestedContainer() }
            : new Response { Type = Response.Types.Type.WaitContainer, WaitContainer = new Response.Types.WaitContainer() };
        if (status is { } known && isOld)
        {
            response.WaitNestedContainer.ExitStatus = known;
        }
        else if (status is { } exit)
        {
            response.WaitContainer.ExitStatus = exit;
        }

        await WriteAsync(context, response, answer);
    }

    private async Task KillAsync(HttpContext context, ContainerID id, int signal)
    {
        if (signal is < 1 or > 64)
        {
            throw new NestedException(400, $"'signal' is {signal}; it must be 1 to 64");
        }

        await containers.Find(id).KillAsync(signal, context.RequestAborted);
    }

    private static async Task WriteAsync(HttpContext context, IMessage response, MessageFormat answer)
    {
        var output = new ArrayBufferWriter<byte>(256);
        MessageCodec.Write(answer, output, response);
        context.Response.ContentType = MessageCodec.MediaType(answer);
        context.Response.ContentLength = output.WrittenCount;
        await context.Response.Body.WriteAsync(output.WrittenMemory, context.RequestAborted);
    }

    private static ProcessIO Heartbeat() => new()
    {
        Type = ProcessIO.Types.Type.Control,
        Control = new ProcessIO.Types.Control
        {
            Type = ProcessIO.Types.Control.Types.Type.Heartbeat,
            Heartbeat = new ProcessIO.Types.Control.Types.Heartbeat { Interval = new DurationInfo { Nanoseconds = (long)s_heartbeat.TotalNanoseconds } },
        },
    };
}
