namespace Orchestrator.Core.Contract.Apps;

/// <summary>A file that the agent fetches into the sandbox.</summary>
public sealed record FetchUri(string Uri, bool Extract, bool Executable, bool Cache, string? DestPath);
