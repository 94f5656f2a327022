using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Agents;

/// <summary>The master's end of the agent link against the real host: what it refuses, and how it ends.</summary>
[Trait("Category", "Contract")]
public sealed class AgentLinkGateTests
{
    private static readonly AgentCall s_subscribe = new() { Subscribe = new AgentCall.Types.Subscribe { AgentInfo = new AgentInfo { Hostname = "node-1" } } };

    [Fact]
    public async Task Body_that_is_no_batch_gets_400_and_the_reason()
    {
        await using var host = await HostFixture.StartAsync();
        foreach (var (body, text) in new (byte[] Body, string Text)[]
        {
            (Encoding.ASCII.GetBytes("nonsense"), "The body is not a sequence of AgentCall records: Malformed record"),
            (Encoding.ASCII.GetBytes("5\nab"), "The body is not a sequence of AgentCall records: the last record is cut off"),
            (Encoding.ASCII.GetBytes("5\n"), "The body is not a sequence of AgentCall records: the last record is cut off"),
            (Encoding.ASCII.GetBytes("1\nx"), "The body is not a sequence of AgentCall records: "),
            ([], "The header Orchestrator-Stream-Id is missing or no UUID"),
            ([.. WireRecords.Frame(s_subscribe.ToByteArray()), .. WireRecords.Frame(s_subscribe.ToByteArray())], "The header Orchestrator-Stream-Id is missing or no UUID"),
            (WireRecords.Frame(new AgentCall { Subscribe = new AgentCall.Types.Subscribe { AgentInfo = new AgentInfo { Hostname = "" } } }.ToByteArray()), "agent_info.hostname is empty"),
        })
        {
            var (status, answer) = await PostAsync(host.Address, body);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.StartsWith(text, answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Batch_on_a_link_that_does_not_stand_gets_403()
    {
        await using var host = await HostFixture.StartAsync();
        var (status, answer) = await PostAsync(host.Address, WireRecords.Frame(new AgentCall { Pong = new AgentCall.Types.Pong() }.ToByteArray()), Guid.NewGuid().ToString());
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("subscribe again", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_that_stops_ends_its_links_and_does_not_wait_for_them()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };
        using var request = Request(WireRecords.Frame(s_subscribe.ToByteArray()));
        using var link = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var events = await link.Content.ReadAsStreamAsync();
        using var deadline = new CancellationTokenSource(Until.Patience);
        Assert.NotNull(await WireRecords.ReadAsync(events, deadline.Token));
        var started = Stopwatch.GetTimestamp();
        await host.Host.Services.GetRequiredService<IHost>().StopAsync();

        // Well below the time that a server gives to requests that do not end by themselves.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, await events.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, deadline.Token));
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(Uri host, byte[] body, string? stream = null)
    {
        using var client = new HttpClient { BaseAddress = host };
        using var request = Request(body);
        if (stream is not null)
        {
            request.Headers.Add("Orchestrator-Stream-Id", stream);
        }

        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Request(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        return new HttpRequestMessage(HttpMethod.Post, "/api/v1/agent-link") { Content = content };
    }
}
