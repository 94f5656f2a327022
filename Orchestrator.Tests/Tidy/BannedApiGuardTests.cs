using System.Diagnostics;

namespace Orchestrator.Tests.Tidy;

/// <summary>The compiler itself refuses a clock in a pure engine and allows it in Runtime: shown by building a planted file.</summary>
public sealed class BannedApiGuardTests : IDisposable
{
    private const string Violation = """
        namespace Planted;

        /// <summary>Reads a clock.</summary>
        public static class Clock
        {
            /// <summary>The time.</summary>
            public static System.DateTimeOffset Now() => System.DateTimeOffset.UtcNow;
        }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("guard-").FullName;

    [Fact]
    public void Build_with_a_clock_in_an_engine_fails_and_in_runtime_passes()
    {
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "BannedSymbols.txt", "global.json" })
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(_folder, file));
        }

        var project = Directory.CreateDirectory(Path.Combine(_folder, "Orchestrator.Core")).FullName;
        File.WriteAllText(Path.Combine(project, "Orchestrator.Core.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        var runtime = Plant(project, "Runtime");
        var (code, output) = Build(project);
        Assert.True(code == 0, output);

        foreach (var engine in new[] { "Allocator", "Master", "Agent", "Marathon" })
        {
            Directory.Delete(Path.GetDirectoryName(runtime)!, recursive: true);
            runtime = Plant(project, engine);
            (code, output) = Build(project);
            Assert.NotEqual(0, code);
            Assert.Contains("RS0030", output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Plant(string project, string folder)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(project, folder)).FullName, "Clock.cs");
        File.WriteAllText(file, Violation);
        return file;
    }

    private static (int Code, string Output) Build(string project)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["build", "-v", "quiet", "--nologo"]) { RedirectStandardOutput = true, WorkingDirectory = project })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
