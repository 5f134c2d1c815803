using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Domain.Sizing;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>Decides whether a request that could be read may go upstream, and under which limit.</summary>
internal sealed class Gatekeeper(IAttendance attendance, Reserver reserver)
{
    public ValueTask<Result<Admitted>> AdmitAsync(Caller caller, Call call, Guid request, CancellationToken cancellation) => caller switch
    {
        Caller.OfEvent attendee => AdmitAsync(attendee, call, request, cancellation),
        Caller.OfOwnResource owner => ValueTask.FromResult<Result<Admitted>>(new Admitted(owner.Resource.OfferFor(call.Model), null, null)),
        _ => throw new ArgumentOutOfRangeException(nameof(caller)),
    };

    private async ValueTask<Result<Admitted>> AdmitAsync(Caller.OfEvent caller, Call call, Guid request, CancellationToken cancellation)
    {
        if (OfferFor(caller.Event.Models, call).IsRefused(out var noModel, out var offer))
            return noModel;
        var cap = caller.Event.OutputCapFor(offer.Model);
        var limit = call.Operation.HasOutput
            ? OutputLimit.PerChoice(call.OutputAsked ?? call.Operation.DefaultOutput, call.Choices, cap, offer.Model.MaxOutput)
            : null;
        if (limit == 0)
            return Refuse.TooManyChoices(call.Choices, cap);
        // Last, so that requests which would be refused anyway make nobody an attendee.
        if ((await AttendeeAsync(caller, cancellation)).IsRefused(out var notIn, out var attendee))
            return notIn;
        if ((await reserver.ReserveAsync(caller.Event, attendee, offer.Model, call, request, cancellation)).IsRefused(out var noneLeft, out var granted))
            return noneLeft;
        var (reserved, allowance) = granted;
        return new Admitted(offer, reserved.IsLowered ? reserved.Output - OutputBeside.AtMost(call.Size) : limit, reserved)
        {
            Allowance = allowance,
            HidesOutput = offer.Model.Family == ModelFamily.Reasoning || call.Size.PredictionBytes > 0,
        };
    }

    private static Result<Offer> OfferFor(EventModels models, Call call)
    {
        var operation = call.Operation.Operation;
        if (call.Model is not { Length: > 0 } name)
            return models.DefaultFor(operation) is { } offer ? offer : Refuse.ModelRequired(List(models.NamesFor(operation)));
        if (models.FindQuoted(name) is not { } named)
            return Refuse.UnknownModel(List(models.Offers.Select(o => o.Model.Name)));
        return named.Model.Supports(operation) ? named : Refuse.WrongOperation(named.Model, List(models.NamesFor(operation)));
    }

    private ValueTask<Result<Attendee>> AttendeeAsync(Caller.OfEvent caller, CancellationToken cancellation) =>
        caller.Attendee is { } known ? ValueTask.FromResult<Result<Attendee>>(known) : EnterAsync(caller, cancellation);

    private async ValueTask<Result<Attendee>> EnterAsync(Caller.OfEvent caller, CancellationToken cancellation)
    {
        try
        {
            if (await attendance.EnterAsync(caller.Event, caller.AttendeeName, cancellation) is not { } attendee)
                return Refuse.EventFull(caller.Event);
            return attendee.IsBlocked ? Refuse.Blocked() with { Attendee = attendee.Id } : attendee;
        }
        catch (StorageUnavailableException)
        {
            return Refuse.StorageUnavailable();
        }
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none";
}
