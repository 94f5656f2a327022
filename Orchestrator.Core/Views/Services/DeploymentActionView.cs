namespace Orchestrator.Core.Views.Services;

/// <summary>One action.</summary>
/// <param name="Action">StartApplication, StopApplication, ScaleApplication, RestartApplication.</param>
/// <param name="App">App id.</param>
public sealed record DeploymentActionView(string Action, string App);
