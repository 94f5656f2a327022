namespace Orchestrator.Tests.Tidy;

/// <summary>The repository that these tests were built from.</summary>
public static class Repository
{
    private static readonly string[] s_skipped = ["bin", "obj", ".git", ".data", ".artifacts", "TestResults", "node_modules", "vendor", "_framework"];
    private static readonly string[] s_kinds = [".cs", ".razor", ".js", ".css", ".sh", ".proto"];

    /// <summary>Its folder: the nearest one above the tests that holds Orchestrator.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All source files that people write.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = [.. Walk(Root).Order(StringComparer.Ordinal).Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Orchestrator.sln above {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !s_skipped.Contains(Path.GetFileName(child)) && new DirectoryInfo(child).LinkTarget is null))
        {
            foreach (var file in Walk(child))
            {
                yield return file;
            }
        }

        foreach (var file in Directory.EnumerateFiles(folder).Where(file => s_kinds.Contains(Path.GetExtension(file))))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }
    }
}
