using Microsoft.AspNetCore.SignalR;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>
/// The loggers of the hub's dispatcher. It logs whatever ends a call as an error with its stack, a refusal too, so that a
/// caller who repeats a mistake would fill the host's log. A refusal is one line at debug level here: its caller is told why
/// already. Everything else goes on as it came.
/// </summary>
internal sealed class RefusalLogs(ILoggerFactory inner) : ILoggerFactory
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName));

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>The inner factory belongs to the host.</summary>
    public void Dispose()
    {
    }

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not HubException)
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
            else if (inner.IsEnabled(LogLevel.Debug))
            {
                inner.Log(LogLevel.Debug, eventId, state, null, (known, _) => $"{formatter(known, exception)} {exception.Message}");
            }
        }
    }
}
