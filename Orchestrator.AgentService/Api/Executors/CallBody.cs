using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;
using Orchestrator.Core.Contract;

namespace Orchestrator.AgentService.Api.Executors;

/// <summary>The first steps of the gate that every call passes, in their order: method, Content-Type, body, message.</summary>
internal static class CallBody
{
    /// <summary>Longest body of one call: records have at most 4 MiB, and a SUBSCRIBE may bring many of them.</summary>
    internal const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Reads the call of a request; on a bad one writes the answer and returns null.</summary>
    internal static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class, IMessage, new()
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, $"Expecting one of {{ 'POST' }}, but received '{context.Request.Method}'.\n");
            return null;
        }

        var contentType = context.Request.Headers.ContentType;
        if (string.IsNullOrEmpty(contentType))
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "Expecting 'Content-Type' to be present; send 'application/json' or 'application/x-protobuf'");
            return null;
        }

        if (MediaTypes.OfContent(contentType.ToString()) is not { } format)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Expecting 'Content-Type' of exactly {MessageCodec.JsonMediaType} or {MessageCodec.ProtobufMediaType}, without parameters");
            return null;
        }

        try
        {
            return await ParseAsync<T>(context, format);
        }
        catch (MessageFormatException e)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await JsonAnswer.ErrorAsync(context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"The body is longer than {MaxBytes} bytes" : e.Message);
        }

        return null;
    }

    private static async Task<T> ParseAsync<T>(HttpContext context, MessageFormat format)
        where T : class, IMessage, new()
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                try
                {
                    return MessageCodec.Parse<T>(format, read.Buffer);
                }
                finally
                {
                    // Also a bad body is read to its end: the connection goes on.
                    reader.AdvanceTo(read.Buffer.End);
                }
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
