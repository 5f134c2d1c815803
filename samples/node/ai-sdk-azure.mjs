// npm install ai@6.0.326 @ai-sdk/azure@3.0.128
import { createAzure } from '@ai-sdk/azure';
import { generateText } from 'ai';

const proxy = process.env.PROXY_URL ?? 'http://127.0.0.1:8080';

const azure = createAzure({ baseURL: `${proxy}/openai/v1`, apiKey: 'hackathon/your-name' });

const { text } = await generateText({ model: azure.chat('gpt-4o'), prompt: 'Write a poem about indian elephants' });
console.log(text);
