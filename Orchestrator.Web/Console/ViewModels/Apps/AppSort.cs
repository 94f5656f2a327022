namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>By what the list of apps is ordered.</summary>
public enum AppSort
{
    /// <summary>Path.</summary>
    Name,

    /// <summary>Cores.</summary>
    Cpus,

    /// <summary>Memory.</summary>
    Mem,

    /// <summary>Status.</summary>
    Status,

    /// <summary>Running instances.</summary>
    Running,

    /// <summary>Urgency of the health bar.</summary>
    Health,
}
