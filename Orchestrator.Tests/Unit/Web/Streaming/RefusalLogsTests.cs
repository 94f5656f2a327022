using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Streaming.Hub;

namespace Orchestrator.Tests.Unit.Web.Streaming;

public sealed class RefusalLogsTests
{
    private readonly LevelLog _log = new();
    private readonly ILogger _logger;

    public RefusalLogsTests()
    {
        var inner = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        _logger = new RefusalLogs(inner).CreateLogger("hub");
    }

    [Fact]
    public void Refusal_is_a_line_at_debug_level_without_its_stack()
    {
        Log(new HubException("Too many streams."));
        Assert.Equal([(LogLevel.Debug, "A call failed. Too many streams.", null)], _log.Entries);
    }

    [Fact]
    public void Fault_stays_an_error_with_its_stack()
    {
        var fault = new InvalidOperationException("broken");
        Log(fault);
        Assert.Equal([(LogLevel.Error, "A call failed.", fault)], _log.Entries);
    }

    private void Log(Exception error) => _logger.Log(LogLevel.Error, default, "A call failed.", error, (text, _) => text);
}
