namespace Orchestrator.Core.Views.Services;

/// <summary>A group of apps, itself only: what is in it says the ids of apps and groups.</summary>
/// <param name="Id">Absolute path, for example <c>/shop</c>; <c>/</c> for all.</param>
/// <param name="Dependencies">Ids of groups or apps that must run before anything in it.</param>
/// <param name="EnforceRole">Whether everything in it runs under the role that is named after it.</param>
/// <param name="Version">When something in it was changed last.</param>
public sealed record GroupView(string Id, IReadOnlyList<string> Dependencies, bool EnforceRole, DateTimeOffset Version);
