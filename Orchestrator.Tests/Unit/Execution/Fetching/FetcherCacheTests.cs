using Orchestrator.AgentService.Execution.Fetching;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Fetching;

public sealed class FetcherCacheTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Tasks_that_want_the_same_share_one_download()
    {
        var cache = new FetcherCache(_directory.Path, 100);
        var gate = new TaskCompletionSource();
        var downloads = 0;
        var wanted = Enumerable.Range(0, 5).Select(_ => cache.GetAsync(("u", "a"), Download, CancellationToken.None)).ToArray();

        gate.SetResult();
        var leases = await Task.WhenAll(wanted);

        Assert.Equal(1, downloads);
        Assert.All(leases, lease => Assert.Equal("0123456789", File.ReadAllText(lease.Path)));
        Assert.Equal(10, cache.Bytes);

        async Task Download(FileStream file, Action<long> grow)
        {
            Interlocked.Increment(ref downloads);
            await gate.Task;
            await WriteAsync(file, grow, 10);
        }
    }

    [Fact]
    public async Task Other_user_gets_a_download_of_its_own()
    {
        var cache = new FetcherCache(_directory.Path, 100);

        using var one = await GetAsync(cache, "a", 10, "root");
        using var other = await GetAsync(cache, "a", 10, "nobody");

        Assert.NotEqual(one.Path, other.Path);
    }

    [Fact]
    public async Task Longest_unused_goes_when_space_is_needed_and_what_is_in_use_stays()
    {
        var cache = new FetcherCache(_directory.Path, 30);
        using var used = await GetAsync(cache, "used", 10);
        (await GetAsync(cache, "old", 10)).Dispose();
        (await GetAsync(cache, "young", 10)).Dispose();
        using (await GetAsync(cache, "old", 999))
        {
            // Used again, so "young" is now the longest unused.
        }

        using var fresh = await GetAsync(cache, "new", 10);

        Assert.Equal(30, cache.Bytes);
        using var old = await GetAsync(cache, "old", 999);
        Assert.Equal(10, new System.IO.FileInfo(old.Path).Length);
        Assert.Equal(3, Directory.EnumerateFiles(_directory.Path).Count());
    }

    [Fact]
    public async Task What_does_not_fit_is_said_so_and_takes_no_space()
    {
        var cache = new FetcherCache(_directory.Path, 30);
        using var used = await GetAsync(cache, "used", 25);

        await Assert.ThrowsAsync<FetcherCache.FullException>(() => GetAsync(cache, "new", 10));

        Assert.Equal(25, cache.Bytes);
        Assert.Single(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task Failed_download_is_told_to_all_who_waited_and_tried_again_by_the_next()
    {
        var cache = new FetcherCache(_directory.Path, 30);

        var error = await Assert.ThrowsAsync<FetchException>(() => cache.GetAsync(("u", "a"), (_, _) => throw new FetchException("gone"), CancellationToken.None));
        using var lease = await GetAsync(cache, "a", 10);

        Assert.Equal("gone", error.Message);
        Assert.Equal(10, cache.Bytes);
    }

    [Fact]
    public void Directory_is_emptied_at_first()
    {
        var sub = _directory.Sub("cache");
        File.WriteAllText(Path.Combine(sub, "1"), "from an earlier run");

        _ = new FetcherCache(sub, 30);

        Assert.Empty(Directory.EnumerateFileSystemEntries(sub));
    }

    private static Task<FetcherCache.Lease> GetAsync(FetcherCache cache, string uri, int size, string user = "u") =>
        cache.GetAsync((user, uri), (file, grow) => WriteAsync(file, grow, size), CancellationToken.None);

    private static async Task WriteAsync(FileStream file, Action<long> grow, int size)
    {
        grow(size);
        await file.WriteAsync(Enumerable.Range(0, size).Select(i => (byte)('0' + (i % 10))).ToArray());
    }
}
