using Orchestrator.Core.Runtime;
using Orchestrator.Web.Api.Marathon;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Hosting;

/// <summary>What a caller hears when the host itself cannot serve: overload, stopping, or a fault of ours, never a stack trace.</summary>
public sealed partial class FailureAnswer(RequestDelegate next, ILogger<FailureAnswer> logger)
{
    /// <summary>The middleware.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            var (status, text) = error switch
            {
                EngineOverloadedException => (StatusCodes.Status429TooManyRequests, error.Message),
                EngineStoppedException => (StatusCodes.Status503ServiceUnavailable, $"The host is not serving: {error.Message}"),
                BadHttpRequestException bad => (bad.StatusCode, bad.Message),
                OperationCanceledException when context.RequestAborted.IsCancellationRequested => (StatusCodes.Status499ClientClosedRequest, ""),
                _ => (StatusCodes.Status500InternalServerError, "The host failed to answer; its log says why."),
            };
            if (status == StatusCodes.Status500InternalServerError)
            {
                LogFailed(context.Request.Method, context.Request.Path, error);
            }

            context.Response.Clear();
            if (status == StatusCodes.Status429TooManyRequests)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            await (text.Length > 0 && context.Request.Path.StartsWithSegments("/v2") ? MarathonAnswer.WriteErrorAsync(context, status, text) : PlainAnswer.WriteAsync(context, status, text));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone in the middle of an answer.
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private partial void LogFailed(string method, string path, Exception error);
}
