using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;
using Orchestrator.Core.Contract;

namespace Orchestrator.Web.Api.Wire;

/// <summary>
/// The first steps of the gate that every v1 call passes, in their order: method, Content-Type, body, message.
/// </summary>
public static class CallReader
{
    /// <summary>Longest body of one call, 32 MiB: some ten thousand tasks in one ACCEPT.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>Reads the call of a request; on a bad one writes the answer and returns null.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class, IMessage, new()
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await PlainAnswer.WriteWrongMethodAsync(context, "POST");
            return null;
        }

        var contentType = context.Request.Headers.ContentType;
        if (string.IsNullOrEmpty(contentType))
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "Expecting 'Content-Type' to be present; send 'application/json' or 'application/x-protobuf'");
            return null;
        }

        if (MediaTypes.OfContent(contentType.ToString()) is not { } format)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Expecting 'Content-Type' of exactly {MessageCodec.JsonMediaType} or {MessageCodec.ProtobufMediaType}, without parameters");
            return null;
        }

        try
        {
            return await ReadBodyAsync<T>(context, format);
        }
        catch (MessageFormatException e)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await PlainAnswer.WriteAsync(context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"The body is longer than {MaxBodyBytes} bytes; split the call" : e.Message);
        }

        return null;
    }

    private static async Task<T> ReadBodyAsync<T>(HttpContext context, MessageFormat format)
        where T : class, IMessage, new()
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
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
