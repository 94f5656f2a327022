using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class ImagePullerTests
{
    private static readonly ImageName s_image = ImageName.Parse("reg.example/app:1");
    private readonly FakeDockerEngine _engine = new();
    private readonly ManualTimeProvider _time = new();

    private ImagePuller Make() => new(_engine, _time, NullLogger.Instance);

    [Fact]
    public async Task Pulls_of_the_same_image_are_one()
    {
        var gate = new TaskCompletionSource();
        _engine.Pull = (_, _) => gate.Task;
        var puller = Make();

        var pulls = Enumerable.Range(0, 5).Select(_ => puller.PullAsync(s_image, null, CancellationToken.None)).ToArray();
        var other = puller.PullAsync(s_image, "account", CancellationToken.None);
        gate.SetResult();
        await Task.WhenAll([.. pulls, other]);

        Assert.Equal(2, _engine.Count("pull reg.example/app:1"));
        await puller.PullAsync(s_image, null, CancellationToken.None);
        Assert.Equal(3, _engine.Count("pull"));
    }

    [Fact]
    public async Task Pull_goes_on_for_the_others_when_one_gives_up_and_stops_with_the_last()
    {
        var stopped = new TaskCompletionSource();
        _engine.Pull = async (_, token) =>
        {
            token.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, token);
        };
        var puller = Make();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var one = puller.PullAsync(s_image, null, first.Token);
        var two = puller.PullAsync(s_image, null, second.Token);

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(stopped.Task.IsCompleted);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);

        await stopped.Task.WaitAsync(Until.Patience);
        Assert.Equal(1, _engine.Count("pull"));
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_after_growing_pauses_and_not_for_ever()
    {
        _engine.Pull = (_, _) => throw new DockerException(500, "net/http: TLS handshake timeout");

        var pull = Make().PullAsync(s_image, null, CancellationToken.None);
        for (var i = 1; i < ImagePuller.MaxAttempts; i++)
        {
            Assert.Equal(i, _engine.Count("pull"));
            _time.Advance(TimeSpan.FromSeconds(Math.Pow(2, i - 1)) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(i, _engine.Count("pull"));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Contains("handshake", (await Assert.ThrowsAsync<DockerException>(() => pull)).Message, StringComparison.Ordinal);
        Assert.Equal(ImagePuller.MaxAttempts, _engine.Count("pull"));
    }

    [Theory]
    [InlineData("manifest for reg.example/app:1 not found: manifest unknown", false)]
    [InlineData("pull access denied for app, repository does not exist or may require 'docker login'", false)]
    [InlineData("unauthorized: authentication required", false)]
    [InlineData("Get \"https://reg/v2/\": no basic auth credentials", false)]
    [InlineData("write /var/lib/docker: no space left on device", false)]
    [InlineData("toomanyrequests: You have reached your pull rate limit", true)]
    [InlineData("unexpected EOF", true)]
    [InlineData("dial tcp 10.0.0.1:443: i/o timeout", true)]
    [InlineData("received unexpected HTTP status: 503 Service Unavailable", true)]
    public void Answers_are_told_apart_by_whether_they_may_pass(string message, bool transient) => Assert.Equal(transient, ImagePuller.IsTransient(message));
}
