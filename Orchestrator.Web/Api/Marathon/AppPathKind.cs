namespace Orchestrator.Web.Api.Marathon;

/// <summary>What a path behind <c>/v2/apps</c> means.</summary>
public enum AppPathKind
{
    /// <summary>All apps.</summary>
    All,

    /// <summary>One app.</summary>
    App,

    /// <summary><c>/group/*</c>: all apps below a group.</summary>
    Group,

    /// <summary><c>/group/*/tasks</c>.</summary>
    GroupTasks,

    /// <summary>The tasks of an app.</summary>
    Tasks,

    /// <summary>One task of an app.</summary>
    Task,

    /// <summary><c>/restart</c>.</summary>
    Restart,

    /// <summary><c>/explain</c>: why it waits. An app may end in the word too; it comes first.</summary>
    Explain,

    /// <summary>How the number of instances of an app follows its load.</summary>
    Autoscaling,

    /// <summary>The versions of an app.</summary>
    Versions,

    /// <summary>One version of an app.</summary>
    Version,
}
