namespace Orchestrator.Tests.Support;

/// <summary>A directory of its own for one test, removed at its end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    internal string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
