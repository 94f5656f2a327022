using System.Diagnostics;

namespace Orchestrator.Tests.Tidy;

/// <summary>The repository keeps to the rules of the house, and each rule can fail.</summary>
public sealed class TidyTests
{
    /// <summary>A rule by name.</summary>
    public static TheoryData<string> Rules => [.. s_rules.Keys];

    private static readonly Dictionary<string, (Func<IEnumerable<SourceFile>, IEnumerable<string>> Check, SourceFile Planted)> s_rules = new()
    {
        ["FileLength"] = (TidyRules.FileLength, Planted("Orchestrator.Core/Master/Long.cs", string.Concat(Enumerable.Repeat("//\n", TidyRules.MaxFileLines + 1)))),
        ["MethodLength"] = (TidyRules.MethodLength, Planted("Orchestrator.Web/Api/A.cs", "class A { void M() {" + new string('\n', TidyRules.MaxMethodLines) + "} }")),
        ["OneTypePerFile"] = (TidyRules.OneTypePerFile, Planted("Orchestrator.Core/Views/A.cs", "public class A { } public class B { }")),
        ["Finished"] = (TidyRules.Finished, Planted("Orchestrator.Core/Views/A.cs", "// TO" + "DO later")),
        ["TestNames"] = (TidyRules.TestNames, Planted("Orchestrator.Tests/Unit/A.cs", "class A { [Fact] public void Works() { } }")),
        ["PublicTypesDocumented"] = (TidyRules.PublicTypesDocumented, Planted("Orchestrator.Core/Views/A.cs", "namespace N; public class A { }")),
        ["FolderArrows"] = (FolderArrows.Violations, Planted("Orchestrator.Core/Marathon/Apps/A.cs", "using Orchestrator.Core.Master;")),
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Repository_under_each_rule_has_no_violation(string rule) =>
        AssertNone(s_rules[rule].Check(Repository.Sources));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_with_a_planted_violation_fails(string rule) =>
        Assert.Single(s_rules[rule].Check([s_rules[rule].Planted]));

    [Fact]
    public void Repository_folders_hold_few_files_each() => AssertNone(TidyRules.FolderSize(Repository.Sources));

    [Fact]
    public void Folder_with_too_many_files_is_a_violation() =>
        Assert.Single(TidyRules.FolderSize(Enumerable.Range(0, TidyRules.MaxFolderFiles + 1).Select(i => Planted($"Orchestrator.Core/Views/A{i}.cs", ""))));

    [Fact]
    public void Repository_top_level_holds_only_the_floor_plan()
    {
        var entries = Run("git", "ls-files").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(path => path.Split('/')[0]).Distinct();
        AssertNone(FolderArrows.Strangers(entries));
        Assert.Single(FolderArrows.Strangers(["stray"]));
    }

    [Fact]
    public void Core_folders_each_have_a_readme()
    {
        var missing = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "Orchestrator.Core"))
            .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj") && !File.Exists(Path.Combine(folder, "README.md")));
        AssertNone(missing);
    }

    private static void AssertNone(IEnumerable<string> violations)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static SourceFile Planted(string path, string text) => new(path, text);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = Repository.Root })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
