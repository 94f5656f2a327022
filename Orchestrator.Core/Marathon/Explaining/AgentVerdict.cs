namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>Whether one more instance could start on an agent now.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="Hostname">Its host.</param>
/// <param name="Checks">Every requirement that the app has, met or not.</param>
public sealed record AgentVerdict(string AgentId, string Hostname, IReadOnlyList<RequirementCheck> Checks)
{
    /// <summary>Requirements that are not met.</summary>
    public IEnumerable<RequirementCheck> Unmet => Checks.Where(check => !check.Met);

    /// <summary>How many are not met; none when the agent fits.</summary>
    public int Missing { get; } = Checks.Count(check => !check.Met);

    /// <summary>Whether all are met.</summary>
    public bool Fits => Missing == 0;
}
