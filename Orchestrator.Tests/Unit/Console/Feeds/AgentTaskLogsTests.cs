using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Unit.Console.Feeds;

/// <summary>Against a server that serves one file with byte ranges, as agents do.</summary>
public sealed class AgentTaskLogsTests : IAsyncLifetime
{
    private static readonly SandboxRef s_sandbox = new("m-S0", "F", "E");
    private readonly ManualTimeProvider _time = new();
    private byte[]? _file = [];
    private byte[]? _fileAfterMiss;
    private string? _account;
    private int _status = 200;
    private EdgeHost _agent = null!;
    private AgentTaskLogs _logs = null!;

    public async ValueTask InitializeAsync()
    {
        var master = new ScriptedMaster(Snapshots.Busy);
        _agent = await EdgeHost.StartAsync(master, _time, _ => { }, routes =>
        {
            routes.MapGet("/files/download", (HttpContext context) =>
            {
                _account = context.Request.Headers.Authorization;
                if (_file is null)
                {
                    _file = _fileAfterMiss;
                    return Results.NotFound();
                }

                return _status != 200 ? Results.StatusCode(_status)
                    : context.Request.Query["path"] != "/frameworks/F/executors/E/runs/latest/stdout" ? Results.NotFound()
                    : Results.Stream(new MemoryStream(_file), enableRangeProcessing: true);
            });
            routes.MapGet("/files/browse", () => Results.Text("""
                [{"gid":"root","mode":"-rw-r--r--","mtime":1.5,"nlink":1,"path":"/frameworks/F/executors/E/runs/latest/out/a <b>","size":7,"uid":"root"},
                 {"gid":"root","mode":"drwxr-xr-x","mtime":1,"nlink":2,"path":"/frameworks/F/executors/E/runs/latest/out/z","size":4096,"uid":"root"}]
                """));
        });
        var agents = PagedVector<AgentView?>.Empty.ToBuilder();
        agents.Add(Snapshots.Busy.Agents[0]! with { Pid = $"slave(1)@{_agent.Address.Authority}" });
        master.Current = Snapshots.Busy with { Agents = agents.ToVector() };
        _logs = new AgentTaskLogs(master, _time, "console:secret");
    }

    public async ValueTask DisposeAsync()
    {
        _logs.Dispose();
        await _agent.DisposeAsync();
    }

    [Theory]
    [InlineData(0, "0123456789", 0)]
    [InlineData(4, "456789", 4)]
    [InlineData(10, "", 10)]
    [InlineData(99, "", 99)]
    [InlineData(-3, "789", 7)]
    [InlineData(-99, "0123456789", 0)]
    public async Task Read_from_an_offset_gives_what_follows_and_the_length(long offset, string text, long first)
    {
        _file = "0123456789"u8.ToArray();
        var chunk = await _logs.ReadAsync(s_sandbox, "stdout", offset, CancellationToken.None);
        Assert.Equal((text, first, 10), (Text(chunk), chunk.Offset, chunk.FileLength));
        Assert.Equal("Basic " + Convert.ToBase64String("console:secret"u8), _account);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task Read_of_an_empty_file_gives_nothing(long offset)
    {
        var chunk = await _logs.ReadAsync(s_sandbox, "stdout", offset, CancellationToken.None);
        Assert.Equal((0, 0, 0), (chunk.Bytes.Length, chunk.Offset, chunk.FileLength));
    }

    [Fact]
    public async Task Read_of_a_long_file_is_bounded()
    {
        _file = new byte[SandboxLimits.MaxReadBytes * 2];
        Assert.Equal(SandboxLimits.MaxReadBytes, (await _logs.ReadAsync(s_sandbox, "stdout", 5, CancellationToken.None)).Bytes.Length);
        Assert.Equal(SandboxLimits.MaxReadBytes, (await _logs.ReadAsync(s_sandbox, "stdout", -SandboxLimits.MaxReadBytes * 2, CancellationToken.None)).Bytes.Length);
    }

    [Fact]
    public async Task Follower_gets_the_tail_then_what_is_added_then_the_file_after_its_rotation()
    {
        _file = "old\ntail"u8.ToArray();
        await using var follower = _logs.FollowAsync(s_sandbox, "stdout", -4, CancellationToken.None).GetAsyncEnumerator();
        Assert.Equal("tail", Text(await NextAsync(follower)));

        _file = "old\ntail and more"u8.ToArray();
        Assert.Equal(" and more", Text(await NextAsync(follower)));

        _file = "fresh"u8.ToArray();
        var restarted = await NextAsync(follower);
        Assert.Equal(("fresh", true), (Text(restarted), restarted.IsRestart));
    }

    [Fact]
    public async Task Follower_that_falls_far_behind_is_taken_to_the_end()
    {
        _file = "start"u8.ToArray();
        await using var follower = _logs.FollowAsync(s_sandbox, "stdout", 0, CancellationToken.None).GetAsyncEnumerator();
        Assert.Equal(5, (await NextAsync(follower)).End);

        _file = new byte[SandboxLimits.MaxLagBytes + 100];
        var next = await NextAsync(follower);
        Assert.Equal((_file.Length - SandboxLimits.TailBytes, (long)_file.Length), (next.Offset, next.End));
    }

    [Fact]
    public async Task Follower_of_a_file_that_is_gone_for_a_moment_goes_on()
    {
        _file = "one"u8.ToArray();
        await using var follower = _logs.FollowAsync(s_sandbox, "stdout", -4, CancellationToken.None).GetAsyncEnumerator();
        await NextAsync(follower);
        _fileAfterMiss = "x"u8.ToArray();
        _file = null;
        Assert.Equal("x", Text(await NextAsync(follower)));
    }

    [Theory]
    [InlineData(404, SandboxFailure.NotFound)]
    [InlineData(401, SandboxFailure.Refused)]
    [InlineData(503, SandboxFailure.AgentAway)]
    [InlineData(500, SandboxFailure.Failed)]
    public async Task Read_that_the_agent_refuses_says_why(int status, SandboxFailure failure)
    {
        _status = status;
        var error = await Assert.ThrowsAsync<SandboxException>(() => _logs.ReadAsync(s_sandbox, "stdout", 0, CancellationToken.None));
        Assert.Equal(failure, error.Failure);
    }

    [Fact]
    public async Task Read_from_an_agent_that_is_not_registered_says_that_it_is_away()
    {
        var error = await Assert.ThrowsAsync<SandboxException>(() => _logs.ReadAsync(s_sandbox with { AgentId = "m-S9" }, "stdout", 0, CancellationToken.None));
        Assert.Equal(SandboxFailure.AgentAway, error.Failure);
        Assert.Contains("m-S9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_from_an_agent_that_does_not_answer_says_where_it_should()
    {
        await _agent.DisposeAsync();
        var error = await Assert.ThrowsAsync<SandboxException>(() => _logs.ReadAsync(s_sandbox, "stdout", 0, CancellationToken.None));
        Assert.Equal(SandboxFailure.AgentAway, error.Failure);
        Assert.Contains(_agent.Address.Authority, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browse_of_a_directory_lists_directories_first_with_paths_in_the_sandbox()
    {
        var entries = await _logs.BrowseAsync(s_sandbox, "out", CancellationToken.None);
        Assert.Equal([("z", "out/z", true), ("a <b>", "out/a <b>", false)], entries.Select(entry => (entry.Name, entry.Path, entry.IsDirectory)));
        Assert.Equal(1500, entries[1].ModifiedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Download_of_a_file_streams_all_of_it()
    {
        _file = new byte[300_000];
        await using var stream = await _logs.DownloadAsync(s_sandbox, "stdout", CancellationToken.None);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        Assert.Equal(300_000, copy.Length);
    }

    private static string Text(LogChunk chunk) => Encoding.UTF8.GetString(chunk.Bytes.Span);

    /// <summary>Moves the clock until the follower has something.</summary>
    private async Task<LogChunk> NextAsync(IAsyncEnumerator<LogChunk> follower)
    {
        var next = follower.MoveNextAsync().AsTask();
        using var deadline = new CancellationTokenSource(Until.Patience);
        while (!next.IsCompleted)
        {
            deadline.Token.ThrowIfCancellationRequested();
            _time.Advance(AgentTaskLogs.PollInterval);
            await Task.WhenAny(next, Task.Delay(5, CancellationToken.None));
        }

        Assert.True(await next);
        return follower.Current;
    }
}
