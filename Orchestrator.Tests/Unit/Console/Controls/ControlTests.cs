using Bunit;
using Microsoft.AspNetCore.Components;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Tests.Unit.Console.Controls;

public sealed class ControlTests : IDisposable
{
    private readonly ConsolePageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Health_bar_of_an_app_with_everything_tells_it_in_numbers()
    {
        var bar = _context.Render<HealthBar>(p => p.Add(b => b.Healthy, 3).Add(b => b.Unhealthy, 1).Add(b => b.Running, 6).Add(b => b.Staged, 1).Add(b => b.Instances, 9));

        Assert.Equal("3 healthy, 1 unhealthy, 2 unknown, 1 staged, 2 unscheduled", bar.Find("div").GetAttribute("aria-label"));
        Assert.Equal(["healthy", "unhealthy", "unknown", "staged", "unscheduled"], bar.FindAll("span").Select(span => span.ClassName));
    }

    [Fact]
    public void Health_bar_with_more_than_wanted_says_how_many()
    {
        var bar = _context.Render<HealthBar>(p => p.Add(b => b.Healthy, 3).Add(b => b.Running, 3).Add(b => b.Instances, 1));

        Assert.Equal("3 healthy, 2 over capacity", bar.Find("div").GetAttribute("aria-label"));
    }

    [Fact]
    public void Resource_bar_tells_allocated_offered_and_used_in_units()
    {
        var bar = _context.Render<ResourceBar>(p => p.Add(b => b.Name, "mem").Add(b => b.Total, 4096).Add(b => b.Allocated, 1024).Add(b => b.Offered, 512).Add(b => b.Used, 300));

        Assert.Equal("1 GiB of 4 GiB mem allocated, 512 MiB offered, 300 MiB used", bar.Find("div").GetAttribute("aria-label"));
        Assert.Equal(["width:25%", "width:12.5%", "width:7.3%"], bar.FindAll("span").Select(span => span.GetAttribute("style")));
    }

    [Fact]
    public void Relative_time_carries_the_time_for_machines_and_reads_without_script()
    {
        var time = _context.Render<RelativeTime>(p => p.Add(t => t.At, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)));

        Assert.Equal("2026-03-01T12:00:00.0000000Z", time.Find("time").GetAttribute("datetime"));
        Assert.Equal("2026-03-01 12:00:00", time.Find("time").TextContent);
        Assert.Equal("never", _context.Render<RelativeTime>(p => p.Add(t => t.At, null)).Find("span").TextContent);
    }

    [Fact]
    public void Long_id_shows_its_tail_and_copies_all_of_it()
    {
        const string Id = "0b9c7c52-6b5f-4a0f-a9f1-0d2b3c4d5e6f-S12";
        var id = _context.Render<CopyId>(p => p.Add(c => c.Value, Id));

        Assert.Equal("…3c4d5e6f-S12", id.Find("code").TextContent);
        Assert.Equal(Id, id.Find("button").GetAttribute("data-copy"));
    }

    [Fact]
    public async Task Filter_box_puts_what_was_typed_last_into_the_address_after_a_pause()
    {
        var box = _context.Open<FilterBox>("ui/agents?state=active", p => p.Add(b => b.Value, null));

        await box.Find("input").InputAsync(new ChangeEventArgs { Value = "ra" });
        await box.Find("input").InputAsync(new ChangeEventArgs { Value = "rack " });
        Assert.Equal("/ui/agents?state=active", _context.Address);

        await _context.UntilAsync("the address has the filter", () => _context.Address == "/ui/agents?state=active&q=rack");
    }

    [Fact]
    public async Task Filter_box_in_which_somebody_types_on_is_not_set_back_to_what_came_round_through_the_address()
    {
        var box = _context.Open<FilterBox>("ui/agents", p => p.Add(b => b.Value, null));
        await box.Find("input").InputAsync(new ChangeEventArgs { Value = "sm" });
        await _context.UntilAsync("the address has the first letters", () => _context.Address == "/ui/agents?q=sm");
        await box.Find("input").InputAsync(new ChangeEventArgs { Value = "small" });
        await _context.UntilAsync("the address has all letters", () => _context.Address == "/ui/agents?q=small");

        box.Render(p => p.Add(b => b.Value, "sm"));
        Assert.Equal("", box.Find("input").GetAttribute("value"));
        box.Render(p => p.Add(b => b.Value, "small"));
        Assert.Equal("", box.Find("input").GetAttribute("value"));

        box.Render(p => p.Add(b => b.Value, "elsewhere"));
        Assert.Equal("elsewhere", box.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Filter_box_follows_an_address_that_changed_elsewhere()
    {
        var box = _context.Open<FilterBox>("ui/agents", p => p.Add(b => b.Value, "old"));

        box.Render(p => p.Add(b => b.Value, "new"));

        Assert.Equal("new", box.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Choice_that_is_clicked_stands_in_the_address_and_the_first_one_clears_it()
    {
        (string, string, long?)[] options = [("", "All", 12), ("active", "Active", null)];
        var choices = _context.Open<Choices>("ui/agents?q=x", p => p.Add(c => c.Label, "State").Add(c => c.Parameter, "state").Add(c => c.Value, "").Add(c => c.Options, options));
        Assert.Equal(["true", "false"], choices.FindAll("button").Select(button => button.GetAttribute("aria-pressed")));

        choices.FindAll("button")[1].Click();
        Assert.Equal("/ui/agents?q=x&state=active", _context.Address);

        choices.FindAll("button")[0].Click();
        Assert.Equal("/ui/agents?q=x", _context.Address);
    }

    [Fact]
    public void Tabs_are_links_that_keep_the_rest_of_the_address()
    {
        (string, string, long?)[] options = [("", "Tasks", 3), ("details", "Details", null)];
        var tabs = _context.Open<Tabs>("ui/agents/a?sort=name", p => p.Add(t => t.Value, "details").Add(t => t.Options, options));

        Assert.Equal(["http://localhost/ui/agents/a?sort=name", "http://localhost/ui/agents/a?sort=name&view=details"], tabs.FindAll("a").Select(tab => tab.GetAttribute("href")));
        Assert.Equal([null, "page"], tabs.FindAll("a").Select(tab => tab.GetAttribute("aria-current")));
    }
}
