using Orchestrator.Core.Marathon;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>How tasks are to be killed, for example <c>?host=10.0.0.7&amp;scale=true</c>.</summary>
/// <param name="Host">Only on this agent host; null for any.</param>
/// <param name="Scale">Also lowers <c>instances</c>.</param>
/// <param name="Wipe">Also forgets the instances.</param>
/// <param name="Force">Cancels conflicting deployments first.</param>
/// <param name="DryRun">Only says what would be done.</param>
public sealed record KillRequest(string? Host, bool Scale, bool Wipe, bool Force, bool DryRun = false)
{
    /// <summary>Reads a query; on a malformed one the text says which parameter.</summary>
    public static KillRequest? Parse(IQueryCollection query, out string error)
    {
        var (scale, wipe, force, dryRun) = (false, false, false, false);
        if (!MarathonQuery.TryReadSwitch(query, "scale", false, out scale, out error)
            || !MarathonQuery.TryReadSwitch(query, "wipe", false, out wipe, out error)
            || !MarathonQuery.TryReadSwitch(query, "force", false, out force, out error)
            || !MarathonQuery.TryReadSwitch(query, "dryRun", false, out dryRun, out error))
        {
            return null;
        }

        if (scale && wipe)
        {
            error = "You cannot use scale and wipe at the same time: to scale down ends instances for good, to wipe replaces them";
            return null;
        }

        return new KillRequest(query["host"].ToString() is { Length: > 0 } host and not "*" ? host : null, scale, wipe, force, dryRun);
    }

    /// <summary>The command for tasks of an app, or for tasks of any.</summary>
    public MarathonCommand.KillTasks ToCommand(string? appId, IReadOnlyList<string>? taskIds, CommandOrigin origin) => new(appId, taskIds, Host, Scale, Wipe, Force, origin) { Terms = new WriteTerms { DryRun = DryRun } };
}
