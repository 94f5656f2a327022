namespace Orchestrator.Core.Contract.Apps;

/// <summary>What a persistent volume is made of.</summary>
/// <param name="Type">Kind of disk: <c>root</c>, <c>path</c> or <c>mount</c>.</param>
/// <param name="SizeMiB">How large it is, MiB.</param>
public sealed record PersistentVolume(string Type, int SizeMiB);
