using Google.Protobuf;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary>The JSON body of an operator's request, whatever its Content-Type says, as clients send it without one.</summary>
internal static class JsonBody
{
    /// <summary>Longest body, 4 MiB: the machines of a large cluster in one schedule.</summary>
    internal const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads a message; on a bad one writes the answer and returns null.</summary>
    /// <param name="context">The request.</param>
    /// <param name="arrayField">When the body is an array: the field of the message that it is.</param>
    internal static async Task<T?> ReadAsync<T>(HttpContext context, string? arrayField = null)
        where T : class, IMessage, new()
    {
        using var buffer = new MemoryStream();
        if (arrayField is not null)
        {
            buffer.Write(System.Text.Encoding.UTF8.GetBytes($"{{\"{arrayField}\":"));
        }

        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
            {
                await PlainAnswer.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, $"The body is longer than {MaxBytes} bytes");
                return null;
            }

            buffer.Write(chunk, 0, read);
        }

        if (arrayField is not null)
        {
            buffer.WriteByte((byte)'}');
        }

        try
        {
            return MesosJson.Parse<T>(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        }
        catch (MessageFormatException e)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, e.Message);
            return null;
        }
    }
}
