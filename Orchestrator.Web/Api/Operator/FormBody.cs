using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary>Reads the forms of operator endpoints. The body is a form whatever its Content-Type says, as clients send it without one.</summary>
internal static class FormBody
{
    /// <summary>The fields of a POST; null when it was answered, because it is no POST or its body is too long.</summary>
    internal static async Task<Dictionary<string, StringValues>?> ReadAsync(HttpContext context, int maxBytes)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await PlainAnswer.WriteWrongMethodAsync(context, "POST");
            return null;
        }

        var buffer = new byte[maxBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > maxBytes)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, $"The form is longer than {maxBytes} bytes");
            return null;
        }

        return QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(buffer, 0, length));
    }
}
