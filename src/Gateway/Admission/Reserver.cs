using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Domain.Sizing;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>Sets aside what a request may use, before it leaves: the most its input can be, and as much output as there is left of what it would like.</summary>
internal sealed class Reserver(ILedger ledger, GatewayOptions options, TimeProvider time)
{
    public ValueTask<Result<Granted>> ReserveAsync(Event @event, Attendee attendee, Model model, Call call, Guid request, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        var input = InputBound.Of(call.Size, model);
        var claim = new Claim(attendee.Id, model.Name, at, input.Tokens, call.Choices, call.Unpriced is null ? model.Price : null);
        var holds = Holds.For(@event.Code.Value, @event.Window, @event.Limits, attendee.RaisedCaps, claim);
        if (holds.Unpriced is not null)
            return ValueTask.FromResult<Result<Granted>>(PriceUnknown(model, call) with { Attendee = attendee.Id });
        var wanted = OutputWanted(@event, model, call);
        var beside = OutputBeside.AtMost(call.Size);
        var demand = new Demand
        {
            Event = @event.Code.Value,
            Attendee = attendee.Id,
            Model = model.Name,
            Operation = call.Operation.Operation,
            Request = request,
            At = at,
            Hour = WindowBounds.Of(LimitWindow.Hour, at, @event.Window).Start,
            Holds = holds.Holds,
            Input = input.Tokens,
            StatedInput = input.Stated,
            Choices = call.Choices,
            Wanted = wanted + beside,
            Least = Math.Min(wanted, options.LeastOutput) + beside,
            Price = model.Price,
        };
        return SetAsideAsync(demand, @event, attendee, cancellation);
    }

    private async ValueTask<Result<Granted>> SetAsideAsync(Demand demand, Event @event, Attendee attendee, CancellationToken cancellation)
    {
        try
        {
            var result = await ledger.ReserveAsync(demand, cancellation);
            var allowance = new Allowance(demand.At, demand.Holds, result.Balances);
            return result switch
            {
                { Reservation: { } reserved } => new Granted(reserved, allowance),
                { Shortfall: { } shortfall } => LimitRefusal.Of(shortfall, @event, attendee, allowance),
                _ => throw new InvalidOperationException("The ledger gave neither of its two answers."),
            };
        }
        catch (StorageUnavailableException)
        {
            return Refuse.LedgerUnavailable() with { Attendee = attendee.Id };
        }
    }

    private static Refusal PriceUnknown(Model model, Call call) =>
        call.Unpriced is { } field && model.Price is not null ? Refuse.PriceUnknown(model, field) : Refuse.PriceUnknown(model);

    // What the client asks for, or else what the model would make, within the share that the event's output cap leaves each choice.
    private static long OutputWanted(Event @event, Model model, Call call) => call.Operation.HasOutput
        ? Math.Clamp(call.OutputAsked ?? call.Operation.DefaultOutput ?? model.MaxOutput, 0, @event.OutputCapFor(model) / call.Choices)
        : 0;
}
