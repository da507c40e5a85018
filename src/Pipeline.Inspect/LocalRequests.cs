using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Pipeline.Inspect;

/// <summary>
/// Lets in only what a page of this server asks for. A web site elsewhere that makes the browser call the loopback address is
/// known by its Origin, or by a Host that is not ours (DNS rebinding); other accounts of this machine, where
/// <see cref="InspectOptions.Key"/> is asked for, by having no key (<see cref="AccessKeys"/>). What goes out may load nothing from elsewhere.
/// </summary>
internal sealed class LocalRequests(RequestDelegate next, AccessKeys keys, InspectOptions options)
{
    private static readonly string[] Hosts = ["127.0.0.1", "localhost"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var own = $"{request.Scheme}://{request.Host.Value}";
        if (!Hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase) || request.Host.Port != context.Connection.LocalPort)
            return Refuse(context, "This address is not served.");
        var origin = request.Headers.Origin;
        var foreign = origin.Count > 0 && !string.Equals(origin.ToString(), own, StringComparison.OrdinalIgnoreCase);
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (foreign || (site is "cross-site" or "same-site" && !(reads && request.Headers["Sec-Fetch-Mode"] == "navigate")))
            return Refuse(context, "Only pages of this server may ask.");

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://{request.Host.Value}; "
            + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (!options.Key)
            return next(context);
        if (reads && request.Query.TryGetValue(AccessKeys.Name, out var key) && keys.Exchange(key.ToString()) is { } cookie)
            return Admit(context, cookie);
        return keys.Opens(request.Cookies[AccessKeys.CookieName(context.Connection.LocalPort)])
            ? next(context)
            : Refuse(context, "Open the address that 'pipeline inspect' has printed: it carries the key of this start.");
    }

    /// <summary>Gives the cookie, and sends on to the address without the key.</summary>
    private static Task Admit(HttpContext context, string cookie)
    {
        context.Response.Cookies.Append(AccessKeys.CookieName(context.Connection.LocalPort), cookie, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        var rest = new QueryBuilder(context.Request.Query.Where(pair => pair.Key != AccessKeys.Name).SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")));
        var address = WebUtility.HtmlEncode(context.Request.PathBase + context.Request.Path + rest.ToQueryString());
        context.Response.ContentType = "text/html; charset=utf-8";
        // A redirection would count as coming from the page on which the address was clicked, and go without the cookie.
        return context.Response.WriteAsync($"<!DOCTYPE html><html lang=\"en\"><title>Pipeline</title><meta http-equiv=\"refresh\" content=\"0;url={address}\"><p><a href=\"{address}\">Go on</a></html>");
    }

    private static Task Refuse(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why);
    }
}
