using Orchestrator.Web.Api.Marathon;

namespace Orchestrator.Tests.Unit.Web.Api.Marathon;

public sealed class EmbedsTests
{
    [Theory]
    [InlineData(AppEmbeds.Tasks | AppEmbeds.Deployments, "apps.tasks")]
    [InlineData(AppEmbeds.Tasks | AppEmbeds.Deployments, "app.tasks")]
    [InlineData(AppEmbeds.Tasks | AppEmbeds.Deployments, "group.apps.tasks")]
    [InlineData(AppEmbeds.Tasks | AppEmbeds.Deployments, "tasks")]
    [InlineData(AppEmbeds.Counts | AppEmbeds.LastTaskFailure, "apps.counts", "apps.lastTaskFailure")]
    [InlineData(AppEmbeds.Tasks | AppEmbeds.Deployments | AppEmbeds.LastTaskFailure, "apps.failures")]
    [InlineData(AppEmbeds.TaskStats | AppEmbeds.Readiness, "apps.taskStats", "apps.readiness")]
    [InlineData(AppEmbeds.None, "apps.unheard", "pods.tasks", "")]
    public void Embed_of_apps_in_any_spelling_is_understood_and_unknown_ones_passed_over(AppEmbeds expected, params string[] embed) => Assert.Equal(expected, Embeds.OfApps(embed));

    [Theory]
    [InlineData(GroupParts.All)]
    [InlineData(GroupParts.All, "unheard")]
    [InlineData(GroupParts.Groups, "group.groups")]
    [InlineData(GroupParts.Groups | GroupParts.Apps, "group.groups", "group.apps")]
    [InlineData(GroupParts.Apps, "group.apps.tasks")]
    [InlineData(GroupParts.Pods, "group.pods")]
    public void Embed_of_groups_without_a_part_means_all(GroupParts expected, params string[] embed) => Assert.Equal(expected, Embeds.OfGroups(embed));
}
