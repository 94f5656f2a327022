using System.Buffers;
using System.Text.Json;
using Orchestrator.Core.Contract.Json;

namespace Orchestrator.AgentService.Api;

/// <summary>Writes answers as the reference does: bare media types, JSONP on demand, plain texts for errors.</summary>
internal static class JsonAnswer
{
    private const int MaxCallbackLength = 128;

    internal static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output, MesosJson.WriterOptions))
        {
            write(writer);
        }

        if (!context.Request.Query.TryGetValue("jsonp", out var callback))
        {
            await WriteBytesAsync(context, "application/json", output.WrittenMemory);
            return;
        }

        if (!IsCallback(callback.ToString()))
        {
            await ErrorAsync(context, 400, "Query parameter 'jsonp' must be the name of a function: letters, digits, '_', '$' and '.'.\n");
            return;
        }

        byte[] wrapped = [.. System.Text.Encoding.ASCII.GetBytes($"{callback}("), .. output.WrittenSpan, (byte)')'];
        await WriteBytesAsync(context, "text/javascript", wrapped);
    }

    internal static Task ErrorAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return text.Length == 0 ? Task.CompletedTask : WriteBytesAsync(context, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static async Task WriteBytesAsync(HttpContext context, string mediaType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool IsCallback(string name) =>
        name.Length is > 0 and <= MaxCallbackLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '.');
}
