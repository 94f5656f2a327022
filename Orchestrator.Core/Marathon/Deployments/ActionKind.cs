namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>What a deployment does to an app.</summary>
internal enum ActionKind
{
    /// <summary>The app is new; nothing runs yet.</summary>
    StartApplication,

    /// <summary>Instances are added or taken away.</summary>
    ScaleApplication,

    /// <summary>Instances of another configuration replace the old ones.</summary>
    RestartApplication,

    /// <summary>Everything of it is ended.</summary>
    StopApplication,
}
