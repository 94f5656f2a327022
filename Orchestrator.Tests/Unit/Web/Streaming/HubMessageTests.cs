using System.Text;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Streaming.Hub;

namespace Orchestrator.Tests.Unit.Web.Streaming;

public sealed class HubMessageTests
{
    private static readonly ClusterEvent[] s_kept = [.. Enumerable.Range(5, 3).Select(i => new ClusterEvent(i, Snapshots.Start, "k", "s", "t"))];

    [Theory]
    [InlineData(null, false, "5 6 7")]
    [InlineData(4L, false, "5 6 7")]
    [InlineData(6L, false, "7")]
    [InlineData(2L, true, "5 6 7")]
    [InlineData(900L, true, "5 6 7")]
    public void Events_behind_a_number_follow_without_a_gap_or_say_that_there_is_one(long? after, bool missed, string expected)
    {
        var batch = EventBatch.After(s_kept, after)!;

        Assert.Equal((missed, expected), (batch.Missed, string.Join(' ', batch.Events.Select(one => one.Sequence))));
    }

    [Fact]
    public void Events_behind_the_newest_are_none_and_a_stream_without_a_number_answers_at_once()
    {
        Assert.Null(EventBatch.After(s_kept, 7));
        Assert.Null(EventBatch.After([], 7));
        Assert.Empty(EventBatch.After([], null)!.Events);
    }

    [Fact]
    public void Character_that_is_cut_between_two_pieces_of_a_log_comes_whole_with_the_second()
    {
        var bytes = Encoding.UTF8.GetBytes("aé");
        var decoder = Encoding.UTF8.GetDecoder();

        var first = LogMessage.Of(new LogChunk(10, bytes.AsMemory(0, 2), 13), decoder);
        var second = LogMessage.Of(new LogChunk(12, bytes.AsMemory(2), 13), decoder);

        Assert.Equal(("a", 10L, 12L), (first.Text, first.Offset, first.End));
        Assert.Equal(("é", 13L), (second.Text, second.End));
    }

    [Fact]
    public void Log_that_begins_anew_drops_half_a_character_of_the_old_one()
    {
        var decoder = Encoding.UTF8.GetDecoder();
        LogMessage.Of(new LogChunk(0, new byte[] { 0xC3 }, 1), decoder);

        var anew = LogMessage.Of(new LogChunk(0, "b"u8.ToArray(), 1, IsRestart: true), decoder);

        Assert.Equal(("b", true), (anew.Text, anew.IsRestart));
    }

    [Fact]
    public void Apps_that_changed_and_apps_that_are_gone_are_told_apart()
    {
        var follower = new AppFollower("/shop");
        var first = follower.Next(ServiceSnapshots.Busy)!;
        Assert.Equal((true, "/shop/db /shop/web"), (first.IsSnapshot, string.Join(' ', first.Apps.Select(app => app.Id))));
        Assert.Null(follower.Next(ServiceSnapshots.Busy with { Version = 3 }));

        var web = ServiceSnapshots.Busy.FindApp("/shop/web")!;
        var second = follower.Next(ServiceSnapshots.Busy with { Version = 4, Apps = [web with { TasksRunning = 7 }] })!;

        Assert.Equal(("/shop/web", 7), (Assert.Single(second.Apps).Id, second.Apps[0].TasksRunning));
        Assert.Equal(["/shop/db"], second.Removed);
    }
}
