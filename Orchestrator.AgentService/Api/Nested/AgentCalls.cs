using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Orchestrator.AgentService.Api.Calls;
using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.AgentApi;
using Orchestrator.Core.Contract.RecordIO;

namespace Orchestrator.AgentService.Api.Nested;

/// <summary>
/// <c>POST /api/v1</c>: media types in Mesos' order and with its statuses, then the call. Streams are RecordIO, whose
/// messages have the type that <c>Message-Content-Type</c> and <c>Message-Accept</c> say.
/// </summary>
internal static class AgentCalls
{
    private const string RecordIo = "application/recordio";
    private const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Answers one call.</summary>
    internal static async Task HandleAsync(HttpContext context, AgentRuntime agent)
    {
        try
        {
            await HandleCheckedAsync(context, agent, new NestedApi(agent.Nested, agent.Time));
        }
        catch (Exception e) when ((e is NestedException or MessageFormatException) && !context.Response.HasStarted)
        {
            await JsonAnswer.ErrorAsync(context, e is NestedException refused ? refused.Status : 400, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or NestedException or MessageFormatException)
        {
            // The peer has gone, or it is told by the end of its stream.
            context.Abort();
        }
    }

    private static async Task HandleCheckedAsync(HttpContext context, AgentRuntime agent, NestedApi nested)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? throw new NestedException(400, "Expecting 'Content-Type' to be present");
        if (type == RecordIo)
        {
            var format = FormatOf(context.Request.Headers["Message-Content-Type"].ToString(), 415, "Message-Content-Type")
                ?? throw new NestedException(400, "Expecting 'Message-Content-Type' to be set for streaming requests");
            Unbound(context);
            await nested.AttachInputAsync(ReadAsync(context.Request.BodyReader, format, context.RequestAborted), context.RequestAborted);
            return;
        }

        if (context.Request.Headers.ContainsKey("Message-Content-Type"))
        {
            throw new NestedException(415, "Expecting 'Message-Content-Type' to be not set for non-streaming requests");
        }

        var body = FormatOf(type, 415, "Content-Type")!.Value;
        var call = MessageCodec.Parse<Call>(body, new ReadOnlySequence<byte>(await ReadWholeAsync(context)));
        if (call.Type == Call.Types.Type.AttachContainerInput)
        {
            throw new NestedException(400, $"ATTACH_CONTAINER_INPUT is a stream: expecting 'Content-Type' to be {RecordIo}");
        }

        if (AgentReads.Serves(call.Type))
        {
            await AgentReads.HandleAsync(context, agent, call.Type, AnswerOf(context, call.Type));
            return;
        }

        if (!NestedApi.Serves(call.Type))
        {
            throw new NestedException(501, $"The call {call.Type} is not served by this agent");
        }

        var answer = AnswerOf(context, call.Type);
        if (NestedApi.Streams(call.Type))
        {
            Unbound(context);
        }

        await nested.HandleAsync(context, call, answer);
    }

    /// <summary>The encoding of the answer, or of the messages of its stream.</summary>
    private static MessageFormat AnswerOf(HttpContext context, Call.Types.Type type)
    {
        var accepted = string.Join(',', (IEnumerable<string?>)context.Request.Headers.Accept).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(';')[0]).ToList();
        var message = context.Request.Headers["Message-Accept"].ToString();
        if (NestedApi.Streams(type))
        {
            if (accepted.Count > 0 && !accepted.Exists(one => one is RecordIo or "*/*" or "application/*"))
            {
                throw new NestedException(406, $"Expecting 'Accept' to allow {RecordIo}: the answer is a stream");
            }

            return FormatOf(message.Split(',')[0].Split(';')[0].Trim(), 406, "Message-Accept") ?? MessageFormat.Json;
        }

        if (message.Length > 0)
        {
            throw new NestedException(406, "Expecting 'Message-Accept' to be not set for non-streaming responses");
        }

        return accepted.Count == 0 || accepted.Exists(one => one is MessageCodec.JsonMediaType or "*/*" or "application/*") ? MessageFormat.Json
            : accepted.Contains(MessageCodec.ProtobufMediaType) ? MessageFormat.Protobuf
            : throw new NestedException(406, $"Expecting 'Accept' to allow {MessageCodec.JsonMediaType} or {MessageCodec.ProtobufMediaType}");
    }

    private static MessageFormat? FormatOf(string mediaType, int status, string header) => mediaType switch
    {
        "" => null,
        "*/*" or MessageCodec.JsonMediaType => MessageFormat.Json,
        MessageCodec.ProtobufMediaType => MessageFormat.Protobuf,
        _ => throw new NestedException(status, $"Expecting '{header}' of {MessageCodec.JsonMediaType} or {MessageCodec.ProtobufMediaType}, but it is '{mediaType}'"),
    };

    /// <summary>A session lasts as long as somebody types, however slowly.</summary>
    private static void Unbound(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } request)
        {
            request.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } response)
        {
            response.MinDataRate = null;
        }
    }

    private static async Task<byte[]> ReadWholeAsync(HttpContext context)
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBodyBytes)
            {
                throw new NestedException(400, $"The call is longer than {MaxBodyBytes} bytes");
            }
        }

        return body.ToArray();
    }

    private static async IAsyncEnumerable<Call> ReadAsync(PipeReader body, MessageFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var decoder = new RecordDecoder();
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            try
            {
                while (decoder.TryRead(ref buffer, out var record))
                {
                    yield return MessageCodec.Parse<Call>(format, record);
                }
            }
            finally
            {
                // Also when a record is wrong: the server reads the rest of the body away.
                body.AdvanceTo(buffer.Start, buffer.End);
            }

            if (result.IsCompleted)
            {
                break;
            }
        }

        if (decoder.IsInsideRecord)
        {
            throw new NestedException(400, "The stream ends within a record");
        }
    }
}
