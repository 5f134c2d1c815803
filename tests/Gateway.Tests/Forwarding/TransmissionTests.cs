using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>How an answer passes on, at moments that no network can be made to hit: both ends are pipes here.</summary>
public sealed class TransmissionTests : IDisposable
{
    // A test that waits for what never comes shall fail, not hang.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private readonly ManualTime time = new();
    // The backend is the caller's own, so nobody is told of its failures.
    private readonly Transmitter transmitter = new(null!, NullLogger<Transmitter>.Instance);
    // There is nothing set aside here, so there is no ledger.
    private readonly Accountant accountant = new(null!, new GatewayMeter(Meters), TimeProvider.System, NullLogger<Accountant>.Instance);
    private readonly Pipe backend = new();
    // It takes a hundred bytes; who writes more waits until somebody reads.
    private readonly Pipe client = new(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50));
    private readonly CancellationTokenSource clientGone = new();
    private Outcome outcome;

    public void Dispose() => clientGone.Dispose();

    [Fact]
    public async Task Buffer_is_not_given_back_while_the_backend_may_still_write_into_it()
    {
        using var lingering = new LingeringStream(clientGone);

        var transmitting = TransmitAsync(lingering, "text/event-stream");

        await lingering.Started;
        transmitting.IsCompleted.ShouldBeFalse();
        lingering.End();
        await Should.ThrowAsync<OperationCanceledException>(transmitting);
        outcome.ShouldBe(Outcome.ClientGone);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task Backend_that_is_faster_than_its_client_has_not_paused(string contentType)
    {
        var transmitting = TransmitAsync(backend.Reader.AsStream(), contentType);
        // The proxy waited for this, so its clock has begun.
        await WriteAsync($"data: {new string('x', 200)}\n\n");
        var first = await client.Reader.ReadAsync();
        client.Reader.AdvanceTo(first.Buffer.Start);
        await WriteAsync("data: [DONE]\n\n");
        await backend.Writer.CompleteAsync();
        await time.UntilNoneWaitsAsync();

        time.Advance(Pause);

        await ReadAllAsync();
        (await transmitting).ShouldBeNull();
        outcome.ShouldBe(Outcome.Complete);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task Backend_that_pauses_after_its_client_has_caught_up_is_given_up(string contentType)
    {
        var transmitting = TransmitAsync(backend.Reader.AsStream(), contentType);
        await WriteAsync($"data: {new string('x', 200)}\n\n");
        var first = await client.Reader.ReadAsync();
        time.Advance(Pause / 2);
        client.Reader.AdvanceTo(first.Buffer.End);
        await time.UntilDueInAsync(Pause);

        time.Advance(Pause);

        (await transmitting)!.Code.ShouldBe("backend_timeout");
        outcome.ShouldBe(Outcome.BackendBroke);
    }

    [Fact]
    public async Task Whole_answer_whose_client_has_gone_is_not_waited_for_without_end_after_a_wait_for_the_client()
    {
        var grace = TimeSpan.FromMinutes(1);
        var transmitting = TransmitAsync(backend.Reader.AsStream(), "application/json", grace);
        await WriteAsync(new string('x', 200));
        var first = await client.Reader.ReadAsync();

        await clientGone.CancelAsync();
        client.Reader.AdvanceTo(first.Buffer.End);
        // When this has come, the proxy has waited for its client and then read again.
        await WriteAsync("x");
        await client.Reader.ReadAsync();
        time.Advance(grace);

        await Should.ThrowAsync<OperationCanceledException>(transmitting.WaitAsync(LongestWait));
        outcome.ShouldBe(Outcome.ClientGone);
    }

    private async Task<Refusal?> TransmitAsync(Stream body, string contentType, TimeSpan grace = default)
    {
        using var message = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        message.Content.Headers.ContentLength = null;
        message.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var deadline = new Deadline(Pause, grace, time, clientGone.Token);
        deadline.Leave();
        using var answer = new BackendAnswer(null!, message, body, streaming: true, deadline, Pause);
        var context = new DefaultHttpContext { RequestAborted = clientGone.Token };
        context.Features.Set<IHttpResponseBodyFeature>(new PipeBody(client.Writer));
        using var call = new Call(OperationSpec.ChatCompletions, [], 0);
        await using var entry = accountant.Open(new Admitted(new OwnResource(null!, [(null, "d")]).OfferFor(null), null, null), call);
        try
        {
            return await transmitter.TransmitAsync(answer, context, entry, new Flight(), new Delivery(StreamMode.Faithful, HidesUsage: false, IsOwn: true, ReadsOn: false));
        }
        finally
        {
            outcome = entry.Outcome;
            await client.Writer.CompleteAsync();
        }
    }

    private async Task WriteAsync(string text) => await backend.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    private async Task ReadAllAsync()
    {
        while (await client.Reader.ReadAsync() is { IsCompleted: false } read)
            client.Reader.AdvanceTo(read.Buffer.End);
    }

    /// <summary>A response whose body is a pipe: unlike a stream's, its flush looks at its token.</summary>
    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;
    }

    /// <summary>A backend's connection at the moment the client goes: the read ends when the connection is taken down, which takes its time.</summary>
    private sealed class LingeringStream(CancellationTokenSource clientGone) : Stream
    {
        private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<int> reading = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => started.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void End() => reading.SetException(new OperationCanceledException());

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            clientGone.Cancel();
            started.SetResult();
            return new ValueTask<int>(reading.Task);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
