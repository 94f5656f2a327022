using System.Text;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Web.Console.ViewModels;

namespace Orchestrator.Tests.Unit.Console;

public sealed class CommandOutcomeTests
{
    [Fact]
    public void Outcome_of_field_errors_has_each_at_its_path()
    {
        var errors = new FieldErrors();
        errors.Add("/healthChecks(0)/portIndex", "must be less than 1");
        errors.Add("/cpus", "error.expected.jsnumber");
        var outcome = CommandOutcome.From(errors.ToReply("Object is not valid"));

        Assert.False(outcome.IsSuccess);
        Assert.Equal("Object is not valid", outcome.Message);
        Assert.Equal([("/healthChecks(0)/portIndex", "must be less than 1"), ("/cpus", "Write a number.")], outcome.Problems.Select(problem => (problem.Path, problem.Text)));
    }

    [Theory]
    [InlineData("""{"message":"App is locked","deployments":[{"id":"d1"},{"id":"d2"}]}""", true)]
    [InlineData("""{"message":"An app with id [/x] already exists."}""", false)]
    public void Outcome_of_a_conflict_can_be_forced_only_when_deployments_hold_it(string json, bool canForce)
    {
        var outcome = CommandOutcome.From(new MarathonReply(409, Encoding.UTF8.GetBytes(json)));
        Assert.Equal(canForce, outcome.CanForce);
        Assert.NotEmpty(outcome.Message);
    }

    [Theory]
    [InlineData("not json", "not json")]
    [InlineData("""{"message":"Invalid JSON","details":"a text"}""", "Invalid JSON")]
    [InlineData("""["odd"]""", """["odd"]""")]
    public void Outcome_of_an_odd_answer_shows_it(string json, string message) =>
        Assert.Equal(message, CommandOutcome.From(new MarathonReply(400, Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void Outcome_of_a_success_names_the_deployment()
    {
        var outcome = CommandOutcome.From(new MarathonReply(201, Encoding.UTF8.GetBytes("{}"), "d1"));
        Assert.True(outcome.IsSuccess);
        Assert.Equal("d1", outcome.DeploymentId);
    }
}
