using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

/// <summary>Pages of this repository lead only to what is there.</summary>
public sealed partial class DocumentLinkTests
{
    [Fact]
    public void Links_of_all_pages_lead_to_files_that_are_there() => Assert.Empty(BrokenLinks(Pages()));

    [Fact]
    public void Link_to_nothing_is_found()
    {
        var page = Path.Combine(Repository.Root, "README.md");

        Assert.Equal(["README.md: docs/no-such-page.md"], BrokenLinks([(page, "[a](docs/no-such-page.md) [b](docs/architecture.md#engines) [c](https://example.org/x)")]));
    }

    private static IEnumerable<(string Path, string Text)> Pages() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Prepend(Path.Combine(Repository.Root, "README.md"))
            .Select(path => (path, File.ReadAllText(path)));

    private static List<string> BrokenLinks(IEnumerable<(string Path, string Text)> pages) =>
    [
        .. from page in pages
           from Match link in Targets().Matches(page.Text)
           let target = link.Groups[1].Value.Split('#')[0]
           where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
           let path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.Path)!, target))
           where !File.Exists(path) && !Directory.Exists(path)
           select $"{Path.GetRelativePath(Repository.Root, page.Path)}: {target}",
    ];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Targets();
}
