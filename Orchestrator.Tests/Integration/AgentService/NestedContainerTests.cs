using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>Programs in the containers of tasks, over the wire as operators' tools speak it.</summary>
[Trait("Category", "Integration")]
public sealed class NestedContainerTests(NestedAgent agent) : IClassFixture<BusyboxFixture>, IClassFixture<NestedAgent>, IAsyncLifetime
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Until.Patience };
    private readonly AgentFixture _fixture = agent.Fixture;
    private FrameworkDriver _framework = null!;
    private string _name = "";

    public async ValueTask InitializeAsync() => _framework = await _fixture.SubscribeAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _framework.DisposeAsync();
    }

    /// <summary>Line 13 of the habits of Mesos' clients.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Exec_through_the_agent_streams_output_takes_input_and_tells_the_wait_status(bool image, bool terminal)
    {
        var task = await RunTaskAsync(image);
        var id = Child(task);
        var container = terminal ? """,{"type":"MESOS","tty_info":{"window_size":{"rows":33,"columns":99}}}""" : "";
        using var session = await OpenAsync(id, "read line; echo \"got $line\"; echo on-stderr >&2; exit 7", container.TrimStart(','));
        using var input = await AttachInputAsync(id, """{"type":"DATA","data":{"type":"STDIN","data":"aGVsbG8K"}}""");
        Assert.Equal(200, (int)input.StatusCode);

        var output = await ReadAsync(session);
        Assert.Contains("got hello", output["STDOUT"], StringComparison.Ordinal);
        Assert.Contains("on-stderr", output[terminal ? "STDOUT" : "STDERR"], StringComparison.Ordinal);
        var (status, answer) = await CallAsync($$$"""{"type":"WAIT_CONTAINER","wait_container":{"container_id":{{{id}}} } }""");
        Assert.Equal(200, status);
        var waited = JsonDocument.Parse(answer).RootElement;
        Assert.Equal(("WAIT_CONTAINER", 7 << 8), (waited.GetProperty("type").GetString(), waited.GetProperty("wait_container").GetProperty("exit_status").GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminal_is_one_and_changes_its_size(bool image)
    {
        var id = Child(await RunTaskAsync(image));
        var program = image ? "busybox" : "";
        using var session = await OpenAsync(id, $"[ -t 0 ] && [ -t 1 ] && echo is-terminal; until {program} stty size | grep '44 111'; do sleep 0.05; done", """{"type":"MESOS","tty_info":{"window_size":{"rows":33,"columns":99}}}""");
        using var input = await AttachInputAsync(id, """{"type":"CONTROL","control":{"type":"TTY_INFO","tty_info":{"window_size":{"rows":44,"columns":111}}}}""");

        var output = await ReadAsync(session);
        Assert.Contains("is-terminal", output["STDOUT"], StringComparison.Ordinal);
        Assert.Contains("44 111", output["STDOUT"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Input_ends_with_an_empty_piece_and_the_environment_is_the_tasks(bool image)
    {
        var id = Child(await RunTaskAsync(image));
        using var session = await OpenAsync(id, "cat; echo \"word=$WORD\"");
        using var input = await AttachInputAsync(id, """{"type":"DATA","data":{"type":"STDIN","data":"YWJj"}}""", """{"type":"DATA","data":{"type":"STDIN","data":""}}""");

        Assert.Equal("abcword=of-the-task\n", (await ReadAsync(session))["STDOUT"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_ends_with_its_connection(bool image)
    {
        var id = Child(await RunTaskAsync(image));
        using (var session = await OpenAsync(id, "echo begun; sleep 1000"))
        {
            var first = new byte[64];
            Assert.NotEqual(0, await (await session.Content.ReadAsStreamAsync()).ReadAsync(first));
        }

        Assert.Contains("exit_status", (await CallAsync($$$"""{"type":"WAIT_NESTED_CONTAINER","wait_nested_container":{"container_id":{{{id}}} } }""")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nested_container_without_a_reader_writes_files_can_be_killed_and_removed()
    {
        var task = await RunTaskAsync(image: false);
        var id = Child(task);
        var launch = $$$"""{"type":"LAUNCH_NESTED_CONTAINER","launch_nested_container":{"container_id":{{{id}}},"command":{"value":"echo kept; sleep 1000"} } }""";
        Assert.Equal(200, (await CallAsync(launch)).Status);
        Assert.Equal(202, (await CallAsync(launch)).Status);
        var container = JsonDocument.Parse(task).RootElement.GetProperty("value").GetString();
        var executors = (await _fixture.AskAsync("/state")).GetProperty("frameworks").EnumerateArray().SelectMany(framework => framework.GetProperty("executors").EnumerateArray());
        var directory = executors.Single(executor => executor.GetProperty("container").GetString() == container).GetProperty("directory").GetString()!;
        var file = Path.Combine(directory, "containers", _name, "stdout");
        await Until.TrueAsync("its output is in a file", () => File.Exists(file) && File.ReadAllText(file) == "kept\n");

        Assert.Equal(400, (await CallAsync($$$"""{"type":"REMOVE_CONTAINER","remove_container":{"container_id":{{{id}}} } }""")).Status);
        Assert.Equal(200, (await CallAsync($$$"""{"type":"KILL_CONTAINER","kill_container":{"container_id":{{{id}}},"signal":15} }""")).Status);
        Assert.Contains("\"exit_status\":36608", (await CallAsync($$$"""{"type":"WAIT_CONTAINER","wait_container":{"container_id":{{{id}}} } }""")).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await CallAsync($$$"""{"type":"REMOVE_CONTAINER","remove_container":{"container_id":{{{id}}} } }""")).Status);
        Assert.Equal(404, (await CallAsync($$$"""{"type":"WAIT_CONTAINER","wait_container":{"container_id":{{{id}}} } }""")).Status);
    }

    private async Task<(int Status, string Text)> CallAsync(string json)
    {
        using var answer = await _client.PostAsync(new Uri(_fixture.Agent.Url, "/slave(1)/api/v1"), new StringContent(json, null, "application/json"));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A task that sleeps; its container id as it stands in its status.</summary>
    private async Task<string> RunTaskAsync(bool image)
    {
        var id = await _framework.RunAsync("sleep 1000", task =>
        {
            task["command"]!["environment"] = JsonNode.Parse("""{"variables":[{"name":"WORD","value":"of-the-task"}]}""");
            if (image)
            {
                task["container"] = JsonNode.Parse($$$"""{"type":"DOCKER","docker":{"image":"{{{BusyboxFixture.Image}}}","network":"HOST"} }""");
            }
        });
        return (await _framework.UntilAsync(id, "TASK_RUNNING")).GetProperty("container_status").GetProperty("container_id").GetRawText();
    }

    private string Child(string parent)
    {
        _name = Guid.NewGuid().ToString();
        return $$"""{"value":"{{_name}}","parent":{{parent}}}""";
    }

    /// <summary>LAUNCH_NESTED_CONTAINER_SESSION; the head of the answer has come.</summary>
    private async Task<HttpResponseMessage> OpenAsync(string id, string command, string container = "")
    {
        var launch = JsonNode.Parse($$$"""{"type":"LAUNCH_NESTED_CONTAINER_SESSION","launch_nested_container_session":{"container_id":{{{id}}},"command":{"shell":true} } }""")!;
        launch["launch_nested_container_session"]!["command"]!["value"] = command;
        if (container.Length > 0)
        {
            launch["launch_nested_container_session"]!["container"] = JsonNode.Parse(container);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_fixture.Agent.Url, "/api/v1")) { Content = new StringContent(launch.ToJsonString(), null, "application/json") };
        request.Headers.Add("Accept", "application/recordio");
        request.Headers.Add("Message-Accept", "application/json");
        var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, answer.StatusCode == HttpStatusCode.OK ? "" : await answer.Content.ReadAsStringAsync());
        Assert.Equal(("application/recordio", "application/json"), (answer.Content.Headers.ContentType!.ToString(), answer.Headers.GetValues("Message-Content-Type").Single()));
        return answer;
    }

    private async Task<HttpResponseMessage> AttachInputAsync(string id, params string[] pieces)
    {
        var body = new StringBuilder();
        Append($$$"""{"type":"ATTACH_CONTAINER_INPUT","attach_container_input":{"type":"CONTAINER_ID","container_id":{{{id}}} } }""");
        foreach (var piece in pieces)
        {
            Append($$$"""{"type":"ATTACH_CONTAINER_INPUT","attach_container_input":{"type":"PROCESS_IO","process_io":{{{piece}}} } }""");
        }

        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToString()));
        content.Headers.ContentType = new("application/recordio");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_fixture.Agent.Url, "/api/v1")) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("Message-Content-Type", "application/json");
        return await _client.SendAsync(request);

        void Append(string record) => body.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(record)}\n{record}");
    }

    /// <summary>All output until the end, by stream.</summary>
    private static async Task<Dictionary<string, string>> ReadAsync(HttpResponseMessage session)
    {
        var output = new Dictionary<string, string> { ["STDOUT"] = "", ["STDERR"] = "" };
        await using var stream = await session.Content.ReadAsStreamAsync();
        using var patience = new CancellationTokenSource(Until.Patience);
        while (await WireRecords.ReadAsync(stream, patience.Token) is { } record)
        {
            var io = JsonDocument.Parse(record).RootElement;
            if (io.GetProperty("type").GetString() == "DATA")
            {
                output[io.GetProperty("data").GetProperty("type").GetString()!] += Encoding.UTF8.GetString(io.GetProperty("data").GetProperty("data").GetBytesFromBase64());
            }
        }

        return output;
    }
}
