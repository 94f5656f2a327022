using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Docs;

/// <summary>What the pages tell people to paste, pasted.</summary>
[Trait("Category", "Integration")]
public sealed class DocumentExamplesTests
{
    private const string FirstApp = "docs/guides/first-app.md";

    [Theory]
    [InlineData(FirstApp)]
    [InlineData("docs/guides/frameworks.md")]
    [InlineData("docs/guides/autoscaling.md")]
    public async Task Guide_pasted_into_a_shell_works_to_its_end(string page)
    {
        await using var cluster = await Cluster.StartAsync();

        await RunAsync(DocumentExamples.Of(page), cluster);
    }

    [Fact]
    public async Task Readme_pasted_into_a_shell_gives_ten_healthy_containers()
    {
        await using var cluster = await Cluster.StartAsync();
        var image = DocumentExamples.Of(FirstApp)[0];
        try
        {
            await RunAsync([image, .. DocumentExamples.Of("README.md")], cluster);

            await cluster.UntilAsync("all ten are healthy", async () =>
                (await cluster.GetAsync("/v2/apps//webapp")).GetProperty("app").GetProperty("tasksHealthy").GetInt32() == 10);
        }
        finally
        {
            await Shell.RunAsync("docker rmi -f webapp:1");
        }
    }

    [Fact]
    public void ScriptOf_page_takes_only_blocks_that_are_said_to_be_bash()
    {
        const string Page = "text\n```console\n$ rm -rf /\n```\n```bash\ncurl http://127.0.0.1:5050/ping\n```\n";

        Assert.Equal("set -euo pipefail\ncurl http://127.0.0.1:77/ping\n", DocumentExamples.ScriptOf(DocumentExamples.BlocksOf(Page), "127.0.0.1:77"));
    }

    private static async Task RunAsync(IEnumerable<string> blocks, Cluster cluster)
    {
        using var folder = new TemporaryDirectory();
        var script = Path.Combine(folder.Path, "page.sh");
        await File.WriteAllTextAsync(script, DocumentExamples.ScriptOf(blocks, cluster.Host.Url.Authority));

        // A block that waits for what never comes fails here, not only when the whole suite does.
        await Shell.RunAsync($"cd {folder.Path} && timeout 120 bash {script}");
    }
}
