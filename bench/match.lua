-- POST /v1/match with one random print a request: no match, as nearly every query of a platform.
local bodies, at = {}, 0

function init(args)
    math.randomseed(1)
    for i = 1, 4096 do
        local hex = {}
        for k = 1, 64 do
            hex[k] = string.format("%x", math.random(0, 15))
        end
        bodies[i] = '{"prints":["' .. table.concat(hex) .. '"]}'
    end
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    at = at % #bodies + 1
    return wrk.format("POST", "/v1/match", nil, bodies[at])
end
