using System.Net.Http.Headers;
using System.Text;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Agents;

/// <summary>The gate of the agent's calls about nested containers: methods, media types, ids.</summary>
[Trait("Category", "Contract")]
public sealed class NestedCallTests : IAsyncLifetime
{
    private const string Json = "application/json";
    private const string Records = "application/recordio";
    private const string Id = """{"value":"c","parent":{"value":"nobody"}}""";
    private const string Wait = """{"type":"WAIT_CONTAINER","wait_container":{"container_id":""" + Id + "}}";
    private const string Session = """{"type":"LAUNCH_NESTED_CONTAINER_SESSION","launch_nested_container_session":{"container_id":""" + Id + ""","command":{"value":"true"}}}""";

    private readonly TemporaryDirectory _directory = new();
    private LinkMaster _master = null!;
    private AgentHost _agent = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _master = await LinkMaster.StartAsync();
        _agent = await TestAgent.StartAsync(_directory.Path, _master, new FakeContainerizer());
        _client = new HttpClient { BaseAddress = _agent.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _agent.DisposeAsync();
        await _master.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(404, Json, Wait, "", "", "")]
    [InlineData(404, Json, Session, "", Records, Json)]
    [InlineData(404, Json, Session, "", "", "")]
    [InlineData(400, "", Wait, "", "", "")]
    [InlineData(415, "text/plain", Wait, "", "", "")]
    [InlineData(415, Json, Wait, Json, "", "")]
    [InlineData(406, Json, Wait, "", "text/html", "")]
    [InlineData(406, Json, Wait, "", "", Json)]
    [InlineData(406, Json, Session, "", Json, "")]
    [InlineData(406, Json, Session, "", Records, "text/plain")]
    [InlineData(400, Records, "", "", "", "")]
    [InlineData(415, Records, "", "text/plain", "", "")]
    [InlineData(400, Records, "x", Json, "", "")]
    [InlineData(400, Records, "3\n{}", Json, "", "")]
    [InlineData(404, Records, "134\n{\"type\":\"ATTACH_CONTAINER_INPUT\",\"attach_container_input\":{\"type\":\"CONTAINER_ID\",\"container_id\":{\"value\":\"c\",\"parent\":{\"value\":\"x\"}}}}", Json, "", "")]
    [InlineData(400, Json, """{"type":"ATTACH_CONTAINER_INPUT"}""", "", "", "")]
    [InlineData(400, Json, "no json", "", "", "")]
    [InlineData(400, Json, """{"type":"WAIT_CONTAINER"}""", "", "", "")]
    [InlineData(400, Json, """{"type":"WAIT_CONTAINER","wait_container":{"container_id":{"value":"c"}}}""", "", "", "")]
    [InlineData(400, Json, """{"type":"WAIT_CONTAINER","wait_container":{"container_id":{"value":"a.b","parent":{"value":"x"}}}}""", "", "", "")]
    [InlineData(400, Json, """{"type":"LAUNCH_CONTAINER","launch_container":{"container_id":{"value":"c","parent":{"value":"x"}}}}""", "", "", "")]
    [InlineData(501, Json, """{"type":"PRUNE_IMAGES"}""", "", "", "")]
    public async Task Call_that_cannot_be_done_is_answered_with_its_status(int status, string type, string body, string messageType, string accept, string messageAccept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = type.Length > 0 ? MediaTypeHeaderValue.Parse(type) : null;
        foreach (var (name, value) in new[] { ("Message-Content-Type", messageType), ("Accept", accept), ("Message-Accept", messageAccept) })
        {
            if (value.Length > 0)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        Assert.NotEqual("", text);
    }

    [Fact]
    public async Task Other_methods_are_told_which_one_it_is()
    {
        using var answer = await _client.GetAsync("/slave(1)/api/v1");
        Assert.Equal((405, "POST"), ((int)answer.StatusCode, answer.Content.Headers.Allow.Single()));
    }
}
