using System.Net.Http.Headers;

namespace Orchestrator.AgentService.Link;

/// <summary>How the agent reaches its master.</summary>
public sealed record LinkOptions
{
    /// <summary>Addresses, tried in turn.</summary>
    public required IReadOnlyList<Uri> Masters { get; init; }

    /// <summary>Basic credentials; null without authentication.</summary>
    public AuthenticationHeaderValue? Credential { get; init; }

    /// <summary>First pause after a failed attempt; doubled up to <see cref="MaxPause"/> and shortened at random by up to a half.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between attempts.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the master may take to accept the agent.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
