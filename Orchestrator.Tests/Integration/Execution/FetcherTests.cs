using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.AgentService.Execution.Fetching;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution;

/// <summary>URIs over real HTTP and from real files.</summary>
[Trait("Category", "Integration")]
public sealed class FetcherTests : IAsyncLifetime
{
    private readonly CommandFixture _commands = new();
    private WebApplication _server = null!;
    private string _url = "";
    private int _requests;

    public async ValueTask InitializeAsync()
    {
        await Shell.RunAsync($"chmod 755 {_commands.WorkDirectory}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync();
        _url = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _commands.Dispose();
    }

    [Fact]
    public async Task Files_are_in_the_sandbox_when_the_command_begins_and_belong_to_its_user()
    {
        var plan = Plan("nobody", "SERVER/text", ("SERVER/moved", uri => uri.OutputFile = "sub/other"), ("SERVER/script", uri => uri.Executable = true));
        plan.Task.Command.Value = "cat text sub/other && ./script && stat -c %U text sub sub/other script";
        using var fetcher = Fetcher();

        await fetcher.FetchAsync(plan, CancellationToken.None);
        var (exit, output, error) = await _commands.RunAsync(plan);

        Assert.Equal((0, ""), (exit.ExitCode, error));
        Assert.Equal("hello from http\nhello from http\nran\nnobody\nnobody\nnobody\nnobody\n", output);
    }

    [Fact]
    public async Task Archive_is_extracted_and_belongs_to_the_user()
    {
        var archive = Path.Combine(_commands.WorkDirectory, "site.tgz");
        await Shell.RunAsync($"cd {_commands.WorkDirectory} && mkdir -p www && echo page > www/index.html && tar -czf site.tgz www");
        var plan = Plan("nobody", archive);
        plan.Task.Command.Value = "cat www/index.html; stat -c %U www www/index.html site.tgz";
        using var fetcher = Fetcher();

        await fetcher.FetchAsync(plan, CancellationToken.None);

        Assert.Equal("page\nnobody\nnobody\nnobody\n", (await _commands.RunAsync(plan)).Out);
    }

    [Theory]
    [InlineData("SERVER/missing", "404 Not Found")]
    [InlineData("SERVER/text?password=secret", "")]
    [InlineData("http://127.0.0.1:1/x", "refused")]
    [InlineData("SERVER/endless", "--fetcher_max_size")]
    [InlineData("SERVER/silent", "--fetcher_stall_timeout")]
    public async Task Failure_names_the_uri_and_the_cause_and_no_secret(string uri, string cause)
    {
        var plan = Plan(null, uri);
        plan.Task.Command.Uris[0].OutputFile = cause.Length == 0 ? "../out" : "out";
        using var fetcher = Fetcher(options => options with { MaxBytes = 100_000, StallTimeout = TimeSpan.FromMilliseconds(uri == "SERVER/silent" ? 200 : 20_000) });

        var error = await Assert.ThrowsAsync<ContainerLaunchException>(() => fetcher.FetchAsync(plan, CancellationToken.None));

        Assert.Equal(TaskStatus.Types.Reason.ContainerLaunchFailed, error.Reason);
        Assert.StartsWith($"Failed to launch container: Failed to fetch all URIs for container '{plan.ContainerId}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(uri.Replace("SERVER", _url, StringComparison.Ordinal).Split('?')[0], error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_of_the_machine_that_the_user_may_not_read_is_not_read_for_it()
    {
        var secret = Path.Combine(_commands.WorkDirectory, "secret");
        await File.WriteAllTextAsync(secret, "root's own");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        var plan = Plan("nobody", secret);
        using var fetcher = Fetcher();

        var error = await Assert.ThrowsAsync<ContainerLaunchException>(() => fetcher.FetchAsync(plan, CancellationToken.None));

        Assert.Contains("Permission denied", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no/such/file", "no such file")]
    [InlineData("/dev/zero", "no ordinary file")]
    [InlineData("/etc", "no ordinary file")]
    public async Task What_is_no_file_of_the_machine_is_said_so(string path, string cause)
    {
        using var fetcher = Fetcher();

        var error = await Assert.ThrowsAsync<ContainerLaunchException>(() => fetcher.FetchAsync(Plan(null, path), CancellationToken.None));

        Assert.Contains($"'{path}': ", error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Docker_task_may_not_copy_what_it_may_not_mount()
    {
        var plan = Plan(null, "/etc/hostname");
        plan.Task.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Docker };
        using var fetcher = Fetcher();

        var error = await Assert.ThrowsAsync<ContainerLaunchException>(() => fetcher.FetchAsync(plan, CancellationToken.None));

        Assert.Contains("--volume_roots", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cached_file_is_downloaded_once_for_all_tasks_at_the_same_time_and_later()
    {
        using var fetcher = Fetcher();
        var plans = Enumerable.Range(0, 6).Select(_ => Plan(null, ("SERVER/text", uri => uri.Cache = true))).ToList();

        await Task.WhenAll(plans.Take(5).Select(plan => fetcher.FetchAsync(plan, CancellationToken.None)));
        await fetcher.FetchAsync(plans[5], CancellationToken.None);

        Assert.Equal(1, _requests);
        Assert.All(plans, plan => Assert.Equal("hello from http\n", File.ReadAllText(Path.Combine(plan.SandboxDirectory, "text"))));
    }

    [Fact]
    public async Task File_that_the_cache_has_no_room_for_is_fetched_past_it()
    {
        using var fetcher = Fetcher(options => options with { CacheBytes = 4 });
        var plan = Plan(null, ("SERVER/text", uri => uri.Cache = true));

        await fetcher.FetchAsync(plan, CancellationToken.None);

        Assert.Equal("hello from http\n", await File.ReadAllTextAsync(Path.Combine(plan.SandboxDirectory, "text")));
    }

    [Fact]
    public async Task Fetch_that_is_given_up_ends_at_once()
    {
        using var fetcher = Fetcher();
        using var giveUp = new CancellationTokenSource();
        var fetching = fetcher.FetchAsync(Plan(null, "SERVER/silent"), giveUp.Token);
        await CommandFixture.UntilAsync(() => _requests == 1);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching.WaitAsync(CommandFixture.Patience));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        switch (context.Request.Path.Value)
        {
            case "/text":
                await context.Response.WriteAsync("hello from http\n");
                break;
            case "/moved":
                context.Response.Redirect("/text");
                break;
            case "/script":
                await context.Response.WriteAsync("#!/bin/sh\necho ran\n");
                break;
            case "/endless":
                var block = new byte[10_000];
                for (var i = 0; i < 1000; i++)
                {
                    await context.Response.Body.WriteAsync(block, context.RequestAborted);
                }

                break;
            case "/silent":
                await context.Response.WriteAsync("x");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    private Fetcher Fetcher(Func<FetcherOptions, FetcherOptions>? change = null)
    {
        var options = new FetcherOptions { CacheDirectory = Path.Combine(_commands.WorkDirectory, "fetch"), Policy = SecurityPolicy.Default };
        return new Fetcher(change?.Invoke(options) ?? options, CommandTools.Find());
    }

    private ContainerPlan Plan(string? user, params Source[] uris) => _commands.Plan(
        "true",
        task =>
        {
            foreach (var source in uris)
            {
                var uri = new CommandInfo.Types.URI { Value = source.Value.Replace("SERVER", _url, StringComparison.Ordinal) };
                source.Change(uri);
                task.Command.Uris.Add(uri);
            }
        },
        user);

    private sealed record Source(string Value, Action<CommandInfo.Types.URI> Change)
    {
        public static implicit operator Source(string value) => new(value, _ => { });

        public static implicit operator Source((string Value, Action<CommandInfo.Types.URI> Change) pair) => new(pair.Value, pair.Change);
    }
}
