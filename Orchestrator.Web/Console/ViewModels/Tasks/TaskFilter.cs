namespace Orchestrator.Web.Console.ViewModels.Tasks;

/// <summary>Which tasks are listed by their state.</summary>
public enum TaskFilter
{
    /// <summary>Not ended.</summary>
    Active,

    /// <summary>Staging or starting.</summary>
    Staging,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Running and unhealthy.</summary>
    Unhealthy,

    /// <summary>Their agent does not answer.</summary>
    Unreachable,

    /// <summary>Ended, well or not.</summary>
    Completed,

    /// <summary>Ended otherwise than by finishing or a wanted kill.</summary>
    Failed,

    /// <summary>Every task that is known.</summary>
    All,
}
