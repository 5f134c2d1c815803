using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Authentication;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>The lists from which clients choose a model: what this caller may use, in the shape that each path's clients read.</summary>
internal static class ModelLists
{
    private const string Parameter = "model";

    // Names may have slashes in them, which not every client escapes. Below a deployment there are calls, so there it must.
    private const string Rest = $"{{**{Parameter}}}";
    private const string Segment = $"{{{Parameter}}}";

    private static readonly PathForm Dated = new(Surface.Azure, "openai/") { IsDated = true };
    private static readonly PathForm Undated = new(Surface.OpenAI, "");

    public static void MapModelLists(this DistinctPaths paths, BasePath basePath, IServiceProvider parts)
    {
        var authenticator = parts.GetRequiredService<Authenticator>();
        var refusals = parts.GetRequiredService<RefusalCounter>();
        Map("models", Rest, Undated, static (json, name, _) => ModelShapes.OpenAI(json, name));
        Map("openai/v1/models", Rest, Undated, static (json, name, _) => ModelShapes.OpenAI(json, name));
        Map("openai/models", Rest, Dated, ModelShapes.AzureModel);
        Map("openai/deployments", Segment, Dated, ModelShapes.AzureDeployment);

        void Map(string path, string name, PathForm form, Action<Utf8JsonWriter, string, Model> shape)
        {
            paths.MapGet($"{basePath.Path}/{path}", context => ListAsync(context, authenticator, refusals, form, shape), form);
            paths.MapGet($"{basePath.Path}/{path}/{name}", context => ShowAsync(context, authenticator, refusals, form, shape), form);
        }
    }

    private static async Task ListAsync(HttpContext context, Authenticator authenticator, RefusalCounter refusals, PathForm form, Action<Utf8JsonWriter, string, Model> shape)
    {
        if ((await MayAskAsync(context, authenticator, form)).IsRefused(out var refusal, out var caller))
        {
            await refusals.RefuseAsync(context, refusal);
            return;
        }
        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var (name, model) in ModelsFor(caller))
            {
                json.WriteStartObject();
                shape(json, name, model);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static async Task ShowAsync(HttpContext context, Authenticator authenticator, RefusalCounter refusals, PathForm form, Action<Utf8JsonWriter, string, Model> shape)
    {
        if ((await MayAskAsync(context, authenticator, form)).IsRefused(out var refusal, out var caller))
            await refusals.RefuseAsync(context, refusal);
        else if (ModelsFor(caller).FirstOrDefault(m => string.Equals(m.Name, Conventions.NameIn(context.Request, Parameter), StringComparison.OrdinalIgnoreCase)) is { Name: not null } known)
            await JsonAnswer.WriteAsync(context, json => shape(json, known.Name, known.Model));
        else
            await refusals.RefuseAsync(context, NotAmong(caller), caller);
    }

    private static async ValueTask<Result<Caller>> MayAskAsync(HttpContext context, Authenticator authenticator, PathForm form)
    {
        if ((await authenticator.AuthenticateAsync(context)).IsRefused(out var stranger, out var caller))
            return stranger;
        if (!Conventions.Read(context.Request, form, null).IsRefused(out var unclear, out _))
            return caller;
        return caller is Caller.OfEvent known ? unclear with { Event = known.Event.Code.Value, Attendee = known.Attendee?.Id } : unclear;
    }

    private static Refusal NotAmong(Caller caller)
    {
        var names = string.Join(", ", ModelsFor(caller).Select(m => m.Name));
        return caller is Caller.OfOwnResource ? Refuse.UnmappedModel(names) : Refuse.UnknownModel(names);
    }

    // Aliases are names too: a client that has one built in looks whether it is there.
    private static IEnumerable<(string Name, Model Model)> ModelsFor(Caller caller) => caller switch
    {
        Caller.OfEvent attendee => attendee.Event.Models.Offers.SelectMany(offer => offer.Model.AllNames.Select(name => (name, offer.Model))),
        // What they are, only their owner knows.
        Caller.OfOwnResource owner => owner.Resource.Models.Select(name => (name, owner.Resource.OfferFor(name).Model with { Name = name })),
        _ => throw new ArgumentOutOfRangeException(nameof(caller)),
    };
}
