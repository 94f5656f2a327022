using System.Diagnostics;

namespace Orchestrator.Tests.Tidy;

/// <summary>The compiler itself refuses each banned symbol in a pure engine and allows it in Runtime: shown by building a planted file.</summary>
public sealed class BannedApiGuardTests : IDisposable
{
    private static readonly string[] s_engines = ["Primitives", "Resources", "Contract", "Allocator", "Master", "Agent", "Marathon", "Chronos", "Views"];

    // One use of each banned symbol, a line each.
    private static readonly string[] s_uses =
    [
        "System.DateTime.Now.ToString()",
        "System.DateTime.UtcNow.ToString()",
        "System.DateTimeOffset.Now.ToString()",
        "System.DateTimeOffset.UtcNow.ToString()",
        "System.Environment.TickCount.ToString()",
        "System.Environment.TickCount64.ToString()",
        "System.Diagnostics.Stopwatch.GetTimestamp().ToString()",
        "System.Guid.NewGuid().ToString()",
        "System.Random.Shared.Next().ToString()",
        "System.IO.File.ReadAllText(\"x\")",
        "System.Threading.Channels.Channel.CreateUnbounded<int>()",
        "new System.Threading.Timer(_ => { })",
        "System.Threading.Thread.CurrentThread",
        "System.Threading.Tasks.Task.Run(() => { })",
        "System.Threading.Tasks.Task.Run(async () => await System.Threading.Tasks.Task.Yield())",
        "System.Threading.Tasks.Task.Delay(System.TimeSpan.Zero)",
        "System.Threading.Tasks.Task.Delay(1)",
    ];

    private static readonly string s_violation = $$"""
        namespace Planted;

        /// <summary>Does what engines must not do.</summary>
        public static class Clock
        {
            /// <summary>All of it.</summary>
            public static readonly object[] Uses =
            [
        {{string.Join('\n', s_uses.Select(use => "        " + use + ","))}}
            ];
        }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("guard-").FullName;

    [Fact]
    public void Build_with_any_banned_symbol_in_an_engine_fails_and_in_runtime_passes()
    {
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "BannedSymbols.txt", "global.json" })
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(_folder, file));
        }

        var project = Directory.CreateDirectory(Path.Combine(_folder, "Orchestrator.Core")).FullName;
        File.WriteAllText(Path.Combine(project, "Orchestrator.Core.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        Assert.Equal(File.ReadAllLines(Path.Combine(Repository.Root, "BannedSymbols.txt")).Length, s_uses.Length);
        Plant(project, "Runtime");
        var (code, output) = Build(project);
        Assert.True(code == 0, output);

        foreach (var engine in s_engines)
        {
            Plant(project, engine);
        }

        (code, output) = Build(project);
        Assert.NotEqual(0, code);
        var first = Array.FindIndex(s_violation.Split('\n'), line => line.Contains(s_uses[0], StringComparison.Ordinal)) + 1;
        foreach (var engine in s_engines)
        {
            foreach (var (index, use) in s_uses.Index())
            {
                Assert.True(output.Split('\n').Any(line => line.Contains($"{engine}/Clock.cs({first + index},", StringComparison.Ordinal) && line.Contains("RS0030", StringComparison.Ordinal)), $"{use} passes in {engine}:\n{output}");
            }
        }

        Assert.DoesNotContain("Runtime/Clock.cs", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Plant(string project, string folder) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(project, folder)).FullName, "Clock.cs"), s_violation.Replace("namespace Planted", $"namespace Planted.{folder}", StringComparison.Ordinal));

    private static (int Code, string Output) Build(string project)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["build", "-v", "quiet", "--nologo"]) { RedirectStandardOutput = true, WorkingDirectory = project })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
