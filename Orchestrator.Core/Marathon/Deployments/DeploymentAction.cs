namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>One action of a step.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="AppId">To which app.</param>
/// <param name="ToKill">Instances that a scaling or an upgrade ends first.</param>
/// <param name="IsFresh">A restart that was asked for: instances of an equal configuration are replaced too.</param>
internal sealed record DeploymentAction(ActionKind Kind, string AppId, IReadOnlyList<string> ToKill, bool IsFresh);
