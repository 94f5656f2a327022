using System.Globalization;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Unit.Console.Feeds;

public sealed class SharedViewsTests
{
    private readonly SharedViews _views = new();
    private int _made;

    [Fact]
    public void List_for_one_version_is_made_once_for_all_who_ask()
    {
        var first = Get("agents|cpus", 1);
        var second = Get("agents|cpus", 1);

        Assert.Same(first, second);
        Assert.Equal(1, _made);
    }

    [Fact]
    public void List_for_a_newer_version_is_made_anew_and_serves_older_askers_too()
    {
        var first = Get("agents|cpus", 1);
        var second = Get("agents|cpus", 2);

        Assert.NotSame(first, second);
        Assert.Same(second, Get("agents|cpus", 1));
        Assert.Equal(2, _made);
    }

    [Fact]
    public void List_with_equal_entries_stays_the_same_object_from_version_to_version()
    {
        var first = _views.Get("k", 1, () => new[] { "a", "b" });

        Assert.Same(first, _views.Get("k", 2, () => new[] { "a", "b" }));
        Assert.Equal(["a"], _views.Get("k", 3, () => new[] { "a" }));
    }

    [Fact]
    public void Least_recently_used_list_of_too_many_is_dropped()
    {
        for (var i = 0; i < SharedViews.MaxViews; i++)
        {
            Get(i.ToString(CultureInfo.InvariantCulture), 1);
        }

        Get("0", 1);
        Get("one more", 1);
        Assert.Equal(SharedViews.MaxViews, _views.Count);
        var made = _made;

        Get("0", 1);
        Assert.Equal(made, _made);
        Get("1", 1);
        Assert.Equal(made + 1, _made);
    }

    [Fact]
    public async Task Askers_at_the_same_time_wait_for_the_one_who_makes_it()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var first = Task.Run(() => _views.Get("k", 1, () =>
        {
            _made++;
            entered.Set();
            release.Wait();
            return new object();
        }));
        entered.Wait();
        var second = Task.Run(() => Get("k", 1));
        release.Set();

        Assert.Same(await first, await second);
        Assert.Equal(1, _made);
    }

    private object Get(string key, long version) => _views.Get(key, version, () =>
    {
        _made++;
        return new object();
    });
}
