namespace Orchestrator.Web.Api.Wire;

/// <summary>Errors as the API writes them: one sentence of plain text.</summary>
public static class PlainAnswer
{
    /// <summary>Writes a status and, unless it is empty, a text.</summary>
    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        if (text.Length == 0)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>405, naming the methods that would do.</summary>
    /// <param name="context">The request.</param>
    /// <param name="allowed">For example <c>POST</c>.</param>
    public static Task WriteWrongMethodAsync(HttpContext context, params ReadOnlySpan<string> allowed)
    {
        var list = string.Join(", ", allowed!);
        context.Response.Headers.Allow = list;
        return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, $"405 Method Not Allowed: expecting {list}, received {context.Request.Method}.");
    }
}
