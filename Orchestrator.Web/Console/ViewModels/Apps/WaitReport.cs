using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>
/// Why an app waits: of the newest unused offer of each agent, how many were left after each requirement, in the order in
/// which they are looked at, and for each offer what was needed and what it had.
/// </summary>
public sealed record WaitReport
{
    private static readonly (string Name, Func<string, bool> Fails)[] s_steps =
    [
        ("Role", reason => reason == "UnfulfilledRole"),
        ("Constraints", reason => reason == "UnfulfilledConstraint"),
        ("CPU", reason => reason == "InsufficientCpus"),
        ("Memory", reason => reason == "InsufficientMemory"),
        ("Disk", reason => reason == "InsufficientDisk"),
        ("GPU", reason => reason == "InsufficientGpus"),
        ("Ports", reason => reason == "InsufficientPorts"),
    ];

    /// <summary>The requirements in their order; the last stands for all that have no column of their own.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. s_steps.Select(step => step.Name), "Other"];

    /// <summary>For each requirement, how many offers came to it and how many met it.</summary>
    public required IReadOnlyList<Step> Funnel { get; init; }

    /// <summary>One row for each agent.</summary>
    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>The requirement that most offers failed first; null when there is no offer.</summary>
    public string? Main { get; init; }

    /// <summary>One requirement.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Came">Offers that met all requirements before it.</param>
    /// <param name="Met">Of these, those that met it.</param>
    public sealed record Step(string Name, int Came, int Met);

    /// <summary>One offer.</summary>
    /// <param name="Hostname">The agent's host.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="At">When it was not used.</param>
    /// <param name="Cells">For each column: null when it was met, what was needed and offered when not.</param>
    public sealed record Row(string Hostname, string AgentId, DateTimeOffset At, IReadOnlyList<OfferRejection?> Cells);

    /// <summary>The report of a queue.</summary>
    public static WaitReport Of(QueueView queue)
    {
        var rows = queue.LastUnusedOffers.Select(offer => new Row(offer.Hostname, offer.AgentId, offer.At, Cells(offer.Reasons))).ToList();
        var funnel = new List<Step>();
        IReadOnlyList<Row> left = rows;
        for (var column = 0; column < Columns.Count; column++)
        {
            var met = left.Where(row => row.Cells[column] is null).ToList();
            funnel.Add(new Step(Columns[column], left.Count, met.Count));
            left = met;
        }

        return new WaitReport { Rows = rows, Funnel = funnel, Main = rows.Count == 0 ? null : funnel.MaxBy(step => step.Came - step.Met)!.Name };
    }

    private static List<OfferRejection?> Cells(IReadOnlyList<OfferRejection> reasons)
    {
        var cells = s_steps.Select(step => reasons.FirstOrDefault(reason => step.Fails(reason.Reason))).ToList();
        cells.Add(reasons.FirstOrDefault(reason => !s_steps.Any(step => step.Fails(reason.Reason))));
        return cells;
    }
}
