using System.Buffers;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Google.Protobuf;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// The executor of a benchmark, a program of its own that an agent starts: each task runs and finishes at once, told by two
/// calls one after the other. Protobuf over HTTP, with a few connections for calls.
/// </summary>
public static class BenchExecutor
{
    /// <summary>The option of bench that starts it.</summary>
    public const string Option = "--executor";

    private const int Senders = 8;
    private static readonly MediaTypeHeaderValue s_protobuf = new("application/x-protobuf");

    /// <summary>Runs until its agent says SHUTDOWN or ends the stream.</summary>
    public static async Task<int> RunAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri("http://" + System.Environment.GetEnvironmentVariable("MESOS_AGENT_ENDPOINT")), Timeout = Timeout.InfiniteTimeSpan };
        var subscribe = CallOf(Call.Types.Type.Subscribe);
        subscribe.Subscribe = new Call.Types.Subscribe();
        using var request = Request(subscribe);
        request.Headers.Accept.ParseAdd("application/x-protobuf");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var tasks = Channel.CreateUnbounded<TaskID>();
        var senders = Enumerable.Range(0, Senders).Select(_ => SendAsync(client, tasks.Reader)).ToArray();
        var records = new RecordStream(await answer.Content.ReadAsStreamAsync());
        while (await records.ReadAsync(CancellationToken.None) is { } record)
        {
            var message = Event.Parser.ParseFrom(record.Array, record.Offset, record.Count);
            ArrayPool<byte>.Shared.Return(record.Array!);
            if (message.Launch is { } launch)
            {
                tasks.Writer.TryWrite(launch.Task.TaskId);
            }
            else if (message.Type == Event.Types.Type.Shutdown)
            {
                break;
            }
        }

        tasks.Writer.Complete();
        await Task.WhenAll(senders);
        return 0;
    }

    private static async Task SendAsync(HttpClient client, ChannelReader<TaskID> tasks)
    {
        await foreach (var task in tasks.ReadAllAsync())
        {
            foreach (var state in new[] { TaskState.TaskRunning, TaskState.TaskFinished })
            {
                var update = CallOf(Call.Types.Type.Update);
                update.Update = new Call.Types.Update
                {
                    Status = new TaskStatus
                    {
                        TaskId = task,
                        State = state,
                        Source = TaskStatus.Types.Source.Executor,
                        Uuid = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
                    },
                };
                using var request = Request(update);
                using var answer = await client.SendAsync(request);
                answer.EnsureSuccessStatusCode();
            }
        }
    }

    private static Call CallOf(Call.Types.Type type) => new()
    {
        Type = type,
        FrameworkId = new FrameworkID { Value = System.Environment.GetEnvironmentVariable("MESOS_FRAMEWORK_ID") },
        ExecutorId = new ExecutorID { Value = System.Environment.GetEnvironmentVariable("MESOS_EXECUTOR_ID") },
    };

    private static HttpRequestMessage Request(Call call) =>
        new(HttpMethod.Post, "/api/v1/executor") { Content = new ByteArrayContent(call.ToByteArray()) { Headers = { ContentType = s_protobuf } } };
}
