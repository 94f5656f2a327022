using Orchestrator.Web.Api.Marathon;

namespace Orchestrator.Tests.Unit.Web.Api.Marathon;

public sealed class AppPathTests
{
    [Theory]
    [InlineData("", AppPathKind.All, "/", null)]
    [InlineData("/", AppPathKind.All, "/", null)]
    [InlineData("a", AppPathKind.App, "/a", null)]
    [InlineData("/a/b/", AppPathKind.App, "/a/b", null)]
    [InlineData("//a//b", AppPathKind.App, "/a/b", null)]
    [InlineData("%2Fa%2fb", AppPathKind.App, "/a/b", null)]
    [InlineData("a/b/tasks", AppPathKind.Tasks, "/a/b", null)]
    [InlineData("/a/tasks/a.instance-1._app.1", AppPathKind.Task, "/a", "a.instance-1._app.1")]
    [InlineData("a/restart", AppPathKind.Restart, "/a", null)]
    [InlineData("a/autoscaling", AppPathKind.Autoscaling, "/a", null)]
    [InlineData("a/versions/", AppPathKind.Versions, "/a", null)]
    [InlineData("a/versions/2026-01-31T12:00:00.000Z", AppPathKind.Version, "/a", "2026-01-31T12:00:00.000Z")]
    [InlineData("*", AppPathKind.Group, "/", null)]
    [InlineData("/shop/*", AppPathKind.Group, "/shop", null)]
    [InlineData("shop/*/tasks", AppPathKind.GroupTasks, "/shop", null)]
    [InlineData("tasks", AppPathKind.App, "/tasks", null)]
    [InlineData("tasks/x", AppPathKind.App, "/tasks/x", null)]
    [InlineData("a/tasks/b/c", AppPathKind.App, "/a/tasks/b/c", null)]
    public void Path_of_any_spelling_says_what_is_meant(string path, AppPathKind kind, string id, string? item) =>
        Assert.Equal(new AppPath(kind, id, item), AppPath.Parse(path));
}
