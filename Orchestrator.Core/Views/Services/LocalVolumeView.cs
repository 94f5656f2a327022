namespace Orchestrator.Core.Views.Services;

/// <summary>A persistent volume of an instance. Shape: an element of Marathon's <c>localVolumes</c>.</summary>
/// <param name="RunSpecId">The app.</param>
/// <param name="ContainerPath">Where its tasks see it.</param>
/// <param name="Uuid">Tells volumes of the same path apart.</param>
/// <param name="PersistenceId">The id that the agent knows it by.</param>
public sealed record LocalVolumeView(string RunSpecId, string ContainerPath, string Uuid, string PersistenceId);
