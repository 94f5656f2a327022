namespace Orchestrator.Web.Console.ViewModels.Tasks;

/// <summary>By what the list of tasks is ordered.</summary>
public enum TaskSort
{
    /// <summary>When its state last changed.</summary>
    Updated,

    /// <summary>Task id.</summary>
    Id,

    /// <summary>Name.</summary>
    Name,

    /// <summary>Framework.</summary>
    Framework,

    /// <summary>State.</summary>
    State,

    /// <summary>Health.</summary>
    Health,

    /// <summary>Host.</summary>
    Host,

    /// <summary>Cores.</summary>
    Cpus,

    /// <summary>Memory.</summary>
    Mem,
}
